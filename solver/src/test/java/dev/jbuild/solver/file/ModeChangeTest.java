package dev.jbuild.solver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.solver.graph.FileAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModeChangeTest {
    @ParameterizedTest(name = "{0} on {1} {2}")
    @CsvSource({
        "755,        0644, file,  0755",
        "0755,       0644, dir,   0755",
        "0,          0644, file,  0",
        "4755,       0644, file,  04755",
        "07777,      0000, file,  07777",
        "u=rwX:go=rX, 0600, file, 0644",
        "u=rwX:go=rX, 0700, file, 0755",
        "u=rwX:go=rX, 0600, dir,  0755",
        "+x,         0644, file,  0755",
        "a-w,        0666, file,  0444",
        "g=u,        0640, file,  0660",
        "o=g,        0750, file,  0755",
        "u+s,        0755, file,  04755",
        "g+s,        0755, dir,   02755",
        "+t,         0777, dir,   01777",
        "u=rw,       04755, file, 0655",
        "u=rwx,      02775, dir,  02775",
        "=,          0777, file,  0",
        "u+rw-x,     0500, file,  0600",
        "a+X,        0644, file,  0644",
        "a+X,        0744, file,  0755",
    })
    void changesPermissions(String mode, String before, String kind, String after) throws Exception {
        ModeChange change = ModeChange.parse(new FileAction.Mode(mode.replace(':', ',')));
        assertThat(Integer.toOctalString(change.apply(Integer.parseInt(before, 8), kind.equals("dir"))))
                .isEqualTo(Integer.toOctalString(Integer.parseInt(after, 8)));
    }

    @ParameterizedTest(name = "{0} as GNU chmod does it")
    @ValueSource(
            strings = {
                "u=rwX,go=rX",
                "+x",
                "a-w",
                "g=u",
                "go-rwx",
                "u+s,g+s",
                "ug=rw,o=r",
                "a=rX",
                "o+w",
                "u-x,g+w",
                "+X",
                "a=,u+rw",
                "g+s",
                "u=g",
                "640",
                "1755"
            })
    void agreesWithGnu(String mode, @TempDir Path directory) throws Exception {
        for (String before : new String[] {"0644", "0755", "0600", "0711", "0000", "0777"}) {
            Path file = Files.writeString(directory.resolve("file" + before), "");
            Path folder = Files.createDirectory(directory.resolve("dir" + before));
            for (Path path : new Path[] {file, folder}) {
                run("chmod", before, path.toString());
                // With a umask of 0 it does not matter to GNU whether there is a letter before the operator, either.
                run("sh", "-c", "umask 0; chmod \"$1\" \"$2\"", "sh", mode, path.toString());
                int gnu = Objects.requireNonNull(dev.jbuild.layerstore.kernel.Kernel.stat(path))
                        .permissions();
                int ours = ModeChange.parse(new FileAction.Mode(mode))
                        .apply(Integer.parseInt(before, 8), path.equals(folder));
                assertThat(Integer.toOctalString(ours))
                        .as("%s on %s", mode, path.getFileName())
                        .isEqualTo(Integer.toOctalString(gnu));
            }
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"8", "10000", "77777777777", "rwx", "u", "u=q", "u=rw;", "", "u+rw,", "u=ur", "-1", "0x10"})
    void refusesWhatIsNoMode(String mode) {
        assertThatThrownBy(() -> ModeChange.parse(new FileAction.Mode(mode)))
                .isInstanceOf(FileActionException.class)
                .hasMessageStartingWith("invalid --chmod \"" + mode + "\"");
    }
}
