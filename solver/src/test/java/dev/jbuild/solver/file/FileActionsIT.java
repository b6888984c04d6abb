package dev.jbuild.solver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.solver.context.BuildContext;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.graph.FileAction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Owners, devices and capabilities, which only root may give; archives, which other programs make.
class FileActionsIT {
    @TempDir
    Path directory;

    private Path from;
    private Path root;

    @BeforeEach
    void makeTrees() throws Exception {
        Stat self = Objects.requireNonNull(Kernel.stat(Path.of("/proc/self")));
        Assumptions.assumeTrue(self.uid() == 0, "requires root: this test gives files to other users");
        from = Files.createDirectory(directory.resolve("from"));
        root = Files.createDirectory(directory.resolve("root"));
        Sketch.make(root, "etc/");
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/:\napp:x:1000:1001::/:\n");
        Files.writeString(root.resolve("etc/group"), "app:x:1001:\nweb:x:33:\n");
    }

    private String owner(String path) throws IOException {
        Stat stat = Objects.requireNonNull(Kernel.stat(root.resolve(path)), path);
        return stat.uid() + ":" + stat.gid();
    }

    private static void shell(Path directory, String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(script + "\n" + output).isZero();
    }

    @Test
    void stagesKeepTheirOwners() throws Exception {
        shell(from, "mkdir -p s/e; echo x > s/a; ln -s a s/l; mkfifo s/f; chown -R -h 5:6 s; chown 7:8 s/e");
        Copying.of("/s /p/d").run(from, root);
        assertThat(List.of(owner("p"), owner("p/d"), owner("p/d/a"), owner("p/d/l"), owner("p/d/f"), owner("p/d/e")))
                .containsExactly("0:0", "0:0", "5:6", "5:6", "5:6", "7:8");
    }

    @Test
    void contextsBelongToRoot() throws Exception {
        shell(from, "mkdir -p s/e; echo x > s/a; ln -s a s/l; chown -R -h 5:6 s");
        BuildContext context = BuildContext.open(from, IgnoreFile.parse(""), directory.resolve("index"));
        FileActions.apply(root, List.of(Copying.of("/s /d").action()), input -> context);
        assertThat(List.of(owner("d"), owner("d/a"), owner("d/l"), owner("d/e")))
                .containsOnly("0:0");
    }

    @ParameterizedTest(name = "--chown={0}")
    @CsvSource({"app, 1000:1001", "app:web, 1000:33", "12, 12:12", "12:web, 12:33", "app:, 1000:0", "root, 0:0"})
    void chownOwnsEverythingThatIsMade(String chown, String owner) throws Exception {
        shell(from, "mkdir -p s/e; echo x > s/a; ln -s a s/l; chown -R -h 5:6 s; chmod 6755 s/a");
        shell(root, "mkdir d; chown 3:4 d");
        Copying.of("--chown=" + chown + " /s /p/d").run(from, root);
        assertThat(List.of(owner("p"), owner("p/d"), owner("p/d/a"), owner("p/d/l"), owner("p/d/e")))
                .containsOnly(owner);
        Copying.of("--chown=" + chown + " /s /d").run(from, root);
        assertThat(List.of(owner("d"), owner("d/a"))).containsExactly("3:4", owner);
        assertThat(Objects.requireNonNull(Kernel.stat(root.resolve("d/a"))).permissions())
                .as("set-ID bits survive the change of owner")
                .isEqualTo(06755);
    }

    @Test
    void groupsAreNotInheritedFromSetGroupDirectories() throws Exception {
        shell(from, "mkdir s; echo x > s/a");
        shell(root, "mkdir d; chown 0:33 d; chmod 2775 d");
        Copying.of("/s/a /d/").run(from, root);
        Copying.of("/s /d/new/er").run(from, root);
        FileActions.apply(
                root, List.of(new FileAction.MakeFile("/d/made", "EOF", "", null, null)), input -> new RootTree(from));
        assertThat(List.of(owner("d/a"), owner("d/new"), owner("d/new/er"), owner("d/new/er/a"), owner("d/made")))
                .containsOnly("0:0");
        assertThat(Sketch.of(root)).contains("d/new/ 755", "d/new/er/ 755");
    }

    @Test
    void workingDirectoriesBelongToTheUser() throws Exception {
        FileAction.Owner app = FileAction.Owner.parse("app");
        FileActions.apply(
                root, List.of(new FileAction.MakeDirectory("/code/app", 0755, true, app)), input -> new RootTree(from));
        assertThat(List.of(owner("code"), owner("code/app"))).containsOnly("1000:1001");
    }

    @Test
    void devicesAndCapabilitiesAreCopied() throws Exception {
        shell(from, "mkdir s; mknod s/null c 1 3; mknod s/loop b 7 200; chmod 640 s/loop; echo x > s/ping");
        byte[] capability = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        Kernel.setXattr(from.resolve("s/ping"), "security.capability", capability);
        Copying.of("--chown=app /s /d").run(from, root);
        Stat loop = Objects.requireNonNull(Kernel.stat(root.resolve("d/loop")));
        assertThat(List.of(loop.type(), loop.permissions(), loop.rdevMajor(), loop.rdevMinor()))
                .containsExactly(Stat.BLOCK_DEVICE, 0640, 7, 200);
        assertThat(Objects.requireNonNull(Kernel.stat(root.resolve("d/null"))).rdevMinor())
                .isEqualTo(3);
        assertThat(Kernel.xattr(root.resolve("d/ping"), "security.capability")).isEqualTo(capability);
    }

    @ParameterizedTest(name = "ADD {0}")
    @CsvSource({
        "a.tar,     cat",
        "a.tar.gz,  gzip",
        "a.tar.bz2, bzip2",
        "a.tar.xz,  xz",
        "a.tar.zst, zstd -q",
        "any-name,  gzip",
    })
    void addUnpacksArchives(String name, String compressor) throws Exception {
        String program = compressor.split(" ")[0];
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin", program)) || Files.isExecutable(Path.of("/bin", program)),
                "requires " + program);
        shell(
                directory,
                "mkdir -p t/e; echo new > t/e/a; ln -s e t/l; chmod 711 t/e; chown -R -h 5:6 t;" + " tar -c -C t . | "
                        + compressor + " > from/" + name);
        Sketch.make(root, "d/e/ 700; d/e/a 600 old; d/e/b y");
        Copying.of("--unpack --chmod=700 /" + name + " /d").run(from, root);
        assertThat(Sketch.of(root).lines()).contains("d/e/ 711", "d/e/a 644 new", "d/e/b 644 y", "d/l -> e");
        assertThat(owner("d/e/a")).isEqualTo("5:6");
        Copying.of("--unpack --chown=app /" + name + " /new/dir").run(from, root);
        assertThat(List.of(owner("new/dir/e/a"), owner("new"))).containsOnly("1000:1001");
        Copying.of("/" + name + " /plain").run(from, root);
        assertThat(Files.mismatch(from.resolve(name), root.resolve("plain"))).isEqualTo(-1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '~', textBlock = """
        text        ~ echo hello > file
        gzip text   ~ echo hello | gzip > file
        half gzip   ~ tar -c /etc/hostname | gzip | head -c 60 > file
        zeros       ~ head -c 2048 /dev/zero > file
        empty       ~ : > file
        bad bzip2   ~ printf BZh91234567 > file
        bad xz      ~ printf '\\3757zXZ\\000garbage' > file
        bad zstd    ~ printf '\\050\\265\\057\\375garbage' > file
        bad sum     ~ tar -c /etc/hostname | sed 's/etc/etd/' > file
        """)
    void addCopiesWhatIsNoArchive(String what, String command) throws Exception {
        shell(from, command);
        Copying.of("--unpack /file /d/").run(from, root);
        assertThat(Files.mismatch(from.resolve("file"), root.resolve("d/file"))).isEqualTo(-1);
    }

    @Test
    void archivesDoNotLeadOut() throws Exception {
        shell(directory, "mkdir t; echo evil > t/evil; tar -cPf from/a.tar --transform 's,^t/,../../outside/,' t/evil");
        Files.createDirectory(directory.resolve("outside"));
        shell(
                directory,
                "mkdir u; ln -s ../../outside u/l; tar -cf from/b.tar -C u l; mkdir v v/l; echo evil > v/l/evil;"
                        + " tar -rf from/b.tar -C v l/evil");
        for (String archive : List.of("a.tar", "b.tar")) {
            try {
                Copying.of("--unpack /" + archive + " /d").run(from, root);
            } catch (FileActionException e) {
                assertThat(e).hasMessageContaining(archive);
            }
            try (var outside = Files.list(directory.resolve("outside"))) {
                assertThat(outside).as(archive).isEmpty();
            }
        }
    }

    @Test
    void archivesKeepWhatTarKeeps() throws Exception {
        shell(from, """
                mkdir -p t/d; mknod t/d/null c 1 3; mkfifo t/f; echo x > t/.wh.x; echo x > t/s
                truncate -s 1T t/huge; chown 3000000000:6 t/s; chmod 4750 t/s; touch -d @1000000000.5 t/s
                tar --format=pax -S -cf a.tar -C t .
                """);
        Sketch.make(root, "d/x y; d/f/full z; d/d -> ../e; e/");
        Copying.of("--unpack /a.tar /d").run(from, root);
        Stat huge = Objects.requireNonNull(Kernel.stat(root.resolve("d/huge")));
        assertThat(List.of(huge.size(), huge.blocks())).containsExactly(1L << 40, 0L);
        Files.delete(root.resolve("d/huge"));
        assertThat(Sketch.of(root).lines())
                .contains("d/x 644 y", "d/.wh.x 644 x", "d/f p 644", "d/s 4750 x", "d/d/ 755", "e/ 755");
        Stat special = Objects.requireNonNull(Kernel.stat(root.resolve("d/s")));
        assertThat(List.of(Integer.toUnsignedLong(special.uid()), special.mtimeSeconds(), (long) special.mtimeNanos()))
                .containsExactly(3_000_000_000L, 1_000_000_000L, 500_000_000L);
        assertThat(Objects.requireNonNull(Kernel.stat(root.resolve("d/d/null"))).rdevMinor())
                .isEqualTo(3);
    }

    @Test
    void archivesGoIntoDirectoriesOnly() throws Exception {
        shell(from, "echo x > a; tar -cf a.tar a");
        Sketch.make(root, "file x; l -> /dir; up -> ../../..");
        Copying.of("--unpack /a.tar /l").run(from, root);
        Copying.of("--unpack /a.tar /up/in").run(from, root);
        assertThat(Sketch.of(root).lines()).contains("l -> /dir", "dir/a 644 x", "in/a 644 x");
        assertThatThrownBy(() -> Copying.of("--unpack /a.tar /file").run(from, root))
                .isInstanceOf(FileActionException.class)
                .hasMessage("cannot copy to non-directory: /file");
    }

    @Test
    void anArchiveThatChangesUnderTheBuildStopsIt() throws Exception {
        shell(from, "echo x > a; tar -cf a.tar a");
        BuildContext context = BuildContext.open(from, IgnoreFile.parse(""), directory.resolve("index"));
        assertThat(context.stat("a.tar")).isNotNull();
        shell(from, "echo other > a; tar -cf a.tar a a");
        assertThatThrownBy(() -> FileActions.apply(
                        root, List.of(Copying.of("--unpack /a.tar /d").action()), input -> context))
                .isInstanceOf(FileActionException.class)
                .hasMessageStartingWith("/a.tar changed while the build read it");
    }

    @Test
    void aTornArchiveSaysSo() throws Exception {
        shell(from, "tar -c /etc/passwd /etc/services /usr/bin/env 2>/dev/null | head -c 3000 > torn.tar");
        assertThatThrownBy(() -> Copying.of("--unpack /torn.tar /d").run(from, root))
                .isInstanceOf(FileActionException.class)
                .hasMessageStartingWith("cannot unpack torn.tar: ");
    }

    @Test
    void aFileThatChangesUnderTheBuildStopsIt() throws Exception {
        Files.writeString(from.resolve("a"), "one");
        BuildContext context = BuildContext.open(from, IgnoreFile.parse(""), directory.resolve("index"));
        assertThat(context.stat("a")).isNotNull();
        Files.writeString(from.resolve("a"), "other");
        assertThatThrownBy(() ->
                        FileActions.apply(root, List.of(Copying.of("/a /b").action()), input -> context))
                .isInstanceOf(FileActionException.class)
                .hasMessageStartingWith("/a changed while the build read it");
    }
}
