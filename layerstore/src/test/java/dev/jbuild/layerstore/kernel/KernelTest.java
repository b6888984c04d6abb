package dev.jbuild.layerstore.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.Shell;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTest {
    @TempDir
    Path temp;

    /// JUnit warns of links that lead out of the folder, and these are here on purpose.
    @AfterEach
    void removeLinks() throws Exception {
        try (OpenDirectory directory = OpenDirectory.open(temp)) {
            for (byte[] name : directory.names()) {
                directory.removeTree(name);
            }
        }
    }

    @ParameterizedTest(name = "{0} leads to {1}")
    @CsvSource({
        "/, ''",
        "d/e, d/e",
        "/d//./e/, d/e",
        "../../d, d",
        "d/../../../d/e, d/e",
        "absolute, d/e",
        "absolute/f, d/e/f",
        "upwards, d",
        "chain/x, d/e/x",
        "missing/a/b, missing/a/b",
        "dangling, not/there",
        "dangling/x, not/there/x",
        "host, etc/passwd",
        "d/file/x, d/file/x"
    })
    void pathsAreResolvedInsideTheRoot(String path, String expected) throws Exception {
        Path root = Files.createDirectory(temp.resolve("root"));
        Files.createDirectories(root.resolve("d/e"));
        Files.createFile(root.resolve("d/file"));
        Files.createSymbolicLink(root.resolve("absolute"), Path.of("/d/e"));
        Files.createSymbolicLink(root.resolve("upwards"), Path.of("../../../d"));
        Files.createSymbolicLink(root.resolve("chain"), Path.of("d/../absolute"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("/not/there"));
        Files.createSymbolicLink(root.resolve("host"), Path.of("/etc/passwd"));
        assertThat(Kernel.resolveInRoot(root, path)).isEqualTo(expected.isEmpty() ? root : root.resolve(expected));
    }

    @Test
    void aCircleOfLinksIsAnError() throws Exception {
        Files.createSymbolicLink(temp.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(temp.resolve("b"), Path.of("a/x"));
        assertThatThrownBy(() -> Kernel.resolveInRoot(temp, "a"))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        e -> assertThat(e.is(Errno.ELOOP)).isTrue());
    }

    @Test
    void aFailureNamesTheCallThePathAndTheError() {
        Path missing = temp.resolve("missing");
        assertThatThrownBy(() -> Kernel.chmod(missing, 0700))
                .isInstanceOf(KernelException.class)
                .hasMessage("chmod " + missing + ": no such file or directory (ENOENT)");
    }

    @Test
    void namesAreBytesWhateverTheLocale() throws Exception {
        byte[] name = {'n', (byte) 0xe9, (byte) 0xff, ' ', '%', '#'};
        try (OpenDirectory directory = OpenDirectory.open(temp)) {
            directory.create(name, 0600).close();
            assertThat(directory.names()).containsExactly(name);
        }
        try (var files = Files.list(temp)) {
            Path file = files.findFirst().orElseThrow();
            assertThat(PathBytes.of(file)).endsWith(name);
            assertThat(Kernel.stat(file)).isNotNull();
            assertThat(PathBytes.toPath(PathBytes.of(file))).isEqualTo(file);
            Kernel.chmod(file, 0640);
        }
        try (OpenDirectory directory = OpenDirectory.open(temp)) {
            Stat stat = directory.stat(name);
            assertThat(stat).isNotNull().extracting(Stat::permissions).isEqualTo(0640);
        }
    }

    @Test
    void copiesKeepHoles() throws Exception {
        Path sparse = temp.resolve("sparse");
        try (OpenDirectory directory = OpenDirectory.open(temp);
                OpenFile file = directory.create("sparse".getBytes(StandardCharsets.UTF_8), 0600)) {
            file.seek(1 << 20);
            try (var out = file.output()) {
                out.write("data".getBytes(StandardCharsets.UTF_8));
            }
            file.truncate(4 << 20);
        }
        Kernel.copyFile(sparse, temp.resolve("copy"), 0644);
        assertThat(Files.mismatch(sparse, temp.resolve("copy"))).isEqualTo(-1);
        Stat before = Objects.requireNonNull(Kernel.stat(sparse));
        Stat after = Objects.requireNonNull(Kernel.stat(temp.resolve("copy")));
        assertThat(after.blocks()).isLessThanOrEqualTo(before.blocks());
        assertThat(after.size()).isEqualTo(4 << 20);
    }

    @Test
    void deepTreesAreRemoved() throws Exception {
        byte[] name = "n".repeat(50).getBytes(StandardCharsets.UTF_8);
        Files.createDirectory(temp.resolve("deep"));
        OpenDirectory here = OpenDirectory.open(temp.resolve("deep"));
        for (int depth = 0; depth < 500; depth++) {
            here.makeDirectory(name, 0700);
            OpenDirectory below = here.directory(name);
            here.close();
            here = below;
        }
        here.close();
        Kernel.removeTree(temp.resolve("deep"));
        assertThat(temp).isEmptyDirectory();
        Kernel.removeTree(temp.resolve("deep"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/", "/proc", "/sys", "/dev/shm"})
    void saysWhatIsForbiddenWhereAFileLies(String path) throws Exception {
        String options = Shell.run("findmnt --noheadings --first-only -o OPTIONS --target \"$1\"", path);
        List<String> restrictions = new ArrayList<>(List.of("ro", "nosuid", "nodev", "noexec"));
        restrictions.retainAll(List.of(options.strip().split(",", -1)));
        assertThat(Kernel.restrictions(Path.of(path))).isEqualTo(restrictions);
    }
}
