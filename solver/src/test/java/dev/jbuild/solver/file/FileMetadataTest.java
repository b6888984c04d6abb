package dev.jbuild.solver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.graph.FileAction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Times, links, attributes, sizes: what a [Sketch] does not show.
class FileMetadataTest {
    @TempDir
    Path directory;

    private Path from;
    private Path root;

    @BeforeEach
    void makeTrees() throws Exception {
        from = Files.createDirectory(directory.resolve("from"));
        root = Files.createDirectory(directory.resolve("root"));
    }

    private void copy(String instruction) throws Exception {
        Copying.of(instruction).run(from, root);
    }

    private Stat stat(String path) throws Exception {
        return Objects.requireNonNull(Kernel.stat(root.resolve(path)), path);
    }

    @Test
    void keepsTimesToTheNanosecond() throws Exception {
        Sketch.make(from, "s/a x; s/l -> t; s/e/b y");
        Kernel.setTimes(from.resolve("s/a"), 1_000_000_000, 123_456_789);
        Kernel.setTimes(from.resolve("s/l"), -5, 7);
        Kernel.setTimes(from.resolve("s/e"), 3, 4);
        Kernel.setTimes(from.resolve("s"), 1, 2);
        copy("/s /d");
        assertThat(List.of(stat("d/a").mtimeSeconds(), (long) stat("d/a").mtimeNanos()))
                .containsExactly(1_000_000_000L, 123_456_789L);
        assertThat(List.of(stat("d/l").mtimeSeconds(), (long) stat("d/l").mtimeNanos()))
                .containsExactly(-5L, 7L);
        assertThat(List.of(stat("d/e").mtimeSeconds(), (long) stat("d/e").mtimeNanos()))
                .containsExactly(3L, 4L);
        assertThat(List.of(stat("d").mtimeSeconds(), (long) stat("d").mtimeNanos()))
                .containsExactly(1L, 2L);
    }

    @Test
    void setsTheTimeOfADirectoryThatIsThere() throws Exception {
        Sketch.make(from, "s/a x");
        Kernel.setTimes(from.resolve("s"), 1, 2);
        Sketch.make(root, "d/ 700");
        copy("/s /d");
        assertThat(stat("d").mtimeSeconds()).isEqualTo(1);
        assertThat(stat("d").permissions()).isEqualTo(0700);
    }

    @Test
    void hardLinksStayLinksWithinOneCopy() throws Exception {
        Sketch.make(from, "s/a x; s/e/b = s/a; outside = s/a; s/c y");
        copy("/s /d");
        assertThat(stat("d/a").ino()).isEqualTo(stat("d/e/b").ino());
        assertThat(stat("d/a").nlink()).isEqualTo(2);
        assertThat(stat("d/c").nlink()).isEqualTo(1);
        copy("/s /e");
        assertThat(stat("e/a").ino()).isNotEqualTo(stat("d/a").ino());
    }

    @Test
    void keepsExtendedAttributes() throws Exception {
        Sketch.make(from, "s/a x; s/e/");
        byte[] value = {0, (byte) 0x80, (byte) 0xff, 'x'};
        try {
            Kernel.setXattr(from.resolve("s/a"), "user.binary", value);
        } catch (IOException e) {
            Assumptions.abort("this file system has no user attributes: " + e.getMessage());
        }
        Kernel.setXattr(from.resolve("s"), "user.top", value);
        Kernel.setXattr(from.resolve("s/e"), "user.dir", value);
        copy("/s /d");
        assertThat(Kernel.xattr(root.resolve("d/a"), "user.binary")).isEqualTo(value);
        assertThat(Kernel.xattr(root.resolve("d/e"), "user.dir")).isEqualTo(value);
        assertThat(Kernel.xattr(root.resolve("d"), "user.top")).isNull();
    }

    @Test
    void socketsAreCopied() throws Exception {
        Sketch.make(from, "s/");
        Kernel.makeNode(from.resolve("s/socket"), Stat.SOCKET | 0600, 0);
        Kernel.chmod(from.resolve("s/socket"), 0660);
        copy("/s /d");
        assertThat(stat("d/socket").type()).isEqualTo(Stat.SOCKET);
        assertThat(stat("d/socket").permissions()).isEqualTo(0660);
    }

    @Test
    void parentsAreDatedAsTheirSource() throws Exception {
        Sketch.make(from, "s/e/a x");
        Kernel.setTimes(from.resolve("s/e"), 1, 2);
        Kernel.setTimes(from.resolve("s"), 3, 4);
        copy("--parents /s/e/a /d/");
        assertThat(List.of(stat("d/s/e").mtimeSeconds(), stat("d/s").mtimeSeconds()))
                .containsExactly(1L, 3L);
    }

    @Test
    void holesStayHoles() throws Exception {
        try (FileChannel sparse =
                FileChannel.open(from.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap("start".getBytes(StandardCharsets.UTF_8)));
            sparse.write(ByteBuffer.wrap("end".getBytes(StandardCharsets.UTF_8)), 64L << 20);
        }
        copy("/sparse /d");
        assertThat(stat("d").size()).isEqualTo((64L << 20) + 3);
        assertThat(stat("d").blocks()).isLessThan(1024);
        assertThat(Files.mismatch(from.resolve("sparse"), root.resolve("d"))).isEqualTo(-1);
    }

    @Test
    void namesAreBytes() throws Exception {
        String script =
                "mkdir s; printf x > \"$(printf 's/\\377\\200')\"; printf y > \"$(printf 's/\\303\\251')\"; ln -s \"$(printf '\\376')\" s/l";
        shell(from, script);
        copy("/s /d");
        shell(directory, "diff -r --no-dereference from/s root/d");
        copy("/s/\u00e9 /e/");
        copy("/s/\u00e9 /\u00e8/\u00e9");
        copy("/s/[^l] /w/");
        shell(
                root,
                "for d in e \"$(printf '\\303\\250')\" w; do cat \"$d/$(printf '\\303\\251')\"; done | grep -x yyy");
    }

    @Test
    void agreesWithCpOnARealTree() throws Exception {
        Path real = Path.of("/etc");
        Files.createDirectory(root.resolve("cp"));
        // Whatever this user may read of it.
        shell(directory, "cp -a " + real + "/. from/ 2>/dev/null; chmod -R u+rwX from; cp -a from/. root/cp; true");
        copy("/ /jbuild");
        String list =
                "find . -printf '%P %y %m %U:%G %s %T@ %l\\n' | sed 's/^\\(.* d .*:[0-9]*\\) [0-9]* /\\1 /' | sort";
        shell(
                root,
                "(cd cp; " + list + ") > a; (cd jbuild; " + list
                        + ") > b; diff a b && diff -r --no-dereference cp jbuild");
    }

    @Test
    void makesDirectoriesWithTheirParents() throws Exception {
        Sketch.make(root, "etc/passwd node:x:1:2::/:; there/ 700; l -> /real");
        FileActions.apply(
                root,
                List.of(
                        new FileAction.MakeDirectory("/code/app", 0755, true, null),
                        new FileAction.MakeDirectory("/there", 0755, true, null),
                        new FileAction.MakeDirectory("/l/x", 0711, true, null)),
                input -> new RootTree(from));
        assertThat(Sketch.of(root)).contains("code/ 755", "code/app/ 755", "there/ 700", "real/ 711", "real/x/ 711");
        assertThatThrownBy(() -> FileActions.apply(
                        root,
                        List.of(new FileAction.MakeDirectory("/etc/passwd", 0755, true, null)),
                        input -> new RootTree(from)))
                .isInstanceOf(FileActionException.class)
                .hasMessage("cannot copy to non-directory: /etc/passwd");
    }

    @Test
    void makesFiles() throws Exception {
        Sketch.make(root, "d/; old 600 before; l -> old2; old2 x");
        FileActions.apply(
                root,
                List.of(
                        new FileAction.MakeFile("/a", "EOF", "text\n", null, null),
                        new FileAction.MakeFile("/d", "EOF", "in d", null, null),
                        new FileAction.MakeFile("/n/", "name", "", null, new FileAction.Mode("+x")),
                        new FileAction.MakeFile("/l", "EOF", "through", null, null),
                        new FileAction.MakeFile("/old", "EOF", "after \u00e9", null, new FileAction.Mode("640"))),
                input -> new RootTree(from));
        assertThat(Sketch.of(root).lines())
                .contains(
                        "a 644 text",
                        "d/EOF 644 in d",
                        "n/ 755",
                        "n/name 755",
                        "old 640 after \u00e9",
                        "old2 644 through");
    }

    private static void shell(Path directory, String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(script + "\n" + output).isZero();
    }
}
