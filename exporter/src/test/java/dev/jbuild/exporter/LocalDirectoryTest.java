package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDirectoryTest {
    @TempDir
    private Path dir;

    private Path rootfs = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void makeRootFileSystem() throws IOException {
        rootfs = Files.createDirectory(dir.resolve("rootfs"));
        out = dir.resolve("out");
        Files.createDirectories(rootfs.resolve("bin"));
        Files.writeString(rootfs.resolve("bin/tool"), "tool");
        Kernel.chmod(rootfs.resolve("bin/tool"), 04751);
        Files.createLink(rootfs.resolve("bin/same"), rootfs.resolve("bin/tool"));
        Files.createSymbolicLink(rootfs.resolve("bin/link"), Path.of("../../../etc/passwd"));
        Kernel.setTimes(rootfs.resolve("bin/tool"), 1_700_000_000, 123_456_789);
        Kernel.setTimes(rootfs.resolve("bin/link"), 1_600_000_000, 1);
        Kernel.chmod(rootfs.resolve("bin"), 0555);
        Kernel.setTimes(rootfs.resolve("bin"), 1_500_000_000, 5);
    }

    @Test
    void keepsModesTimesAndLinks() throws IOException {
        export(ExportSpec.Mode.COPY, null);

        assertThat(out.resolve("bin/tool")).hasContent("tool");
        assertThat(stat("bin/tool").permissions()).isEqualTo(04751);
        assertThat(stat("bin/tool").mtimeSeconds()).isEqualTo(1_700_000_000);
        assertThat(stat("bin/tool").mtimeNanos()).isEqualTo(123_456_789);
        assertThat(stat("bin/same").ino()).isEqualTo(stat("bin/tool").ino());
        assertThat(Files.readSymbolicLink(out.resolve("bin/link"))).hasToString("../../../etc/passwd");
        assertThat(stat("bin/link").mtimeSeconds()).isEqualTo(1_600_000_000);
        assertThat(stat("bin").permissions()).isEqualTo(0555);
        assertThat(stat("bin").mtimeSeconds()).isEqualTo(1_500_000_000);
        assertThat(names(out)).containsExactly("bin");
    }

    @Test
    void nothingIsNewerThanTheClock() throws IOException {
        export(ExportSpec.Mode.COPY, Instant.ofEpochSecond(1_550_000_000));

        assertThat(stat("bin/tool").mtimeSeconds()).isEqualTo(1_550_000_000);
        assertThat(stat("bin/link").mtimeSeconds()).isEqualTo(1_550_000_000);
        assertThat(stat("bin").mtimeSeconds()).isEqualTo(1_500_000_000);
        assertThat(stat("bin").mtimeNanos()).isZero();
    }

    @Test
    void mergesIntoWhatIsThere() throws IOException {
        Files.createDirectories(out.resolve("bin/tool/was-a-directory"));
        Files.writeString(out.resolve("mine"), "mine");
        Files.writeString(out.resolve("bin/mine"), "mine");
        export(ExportSpec.Mode.COPY, null);
        export(ExportSpec.Mode.COPY, null);

        assertThat(out.resolve("bin/tool")).hasContent("tool");
        assertThat(out.resolve("mine")).hasContent("mine");
        assertThat(out.resolve("bin/mine")).hasContent("mine");
        assertThat(names(out)).containsExactly("bin", "mine");
        assertThat(names(out.resolve("bin"))).containsExactly("link", "mine", "same", "tool");
    }

    @Test
    void deletesWhatTheResultDoesNotHaveIfToldTo() throws IOException {
        Files.createDirectories(out.resolve("old/tree"));
        Files.writeString(Files.createDirectories(out.resolve("bin")).resolve("old"), "old");
        Files.createSymbolicLink(out.resolve("away"), dir);
        export(ExportSpec.Mode.DELETE, null);

        assertThat(names(out)).containsExactly("bin");
        assertThat(names(out.resolve("bin"))).containsExactly("link", "same", "tool");
        assertThat(stat("bin").permissions()).isEqualTo(0555);
        assertThat(stat("bin").mtimeSeconds()).isEqualTo(1_500_000_000);
        assertThat(rootfs.resolve("bin/tool")).hasContent("tool");
    }

    @Test
    void symbolicLinksInTheDestinationLeadNowhere() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Path victim = Files.writeString(dir.resolve("victim"), "untouched");
        Files.createDirectory(out);
        Files.createSymbolicLink(out.resolve("bin"), outside);
        Files.writeString(Files.createDirectory(rootfs.resolve("lib")).resolve("a.so"), "library");
        Files.createSymbolicLink(Files.createDirectory(out.resolve("lib")).resolve("a.so"), victim);
        export(ExportSpec.Mode.COPY, null);

        assertThat(names(outside)).isEmpty();
        assertThat(out.resolve("bin")).isDirectory().isNotEmptyDirectory();
        assertThat(Files.isSymbolicLink(out.resolve("bin"))).isFalse();
        assertThat(victim).hasContent("untouched");
        assertThat(out.resolve("lib/a.so")).hasContent("library");
        assertThat(Files.isSymbolicLink(out.resolve("lib/a.so"))).isFalse();
    }

    @Test
    void aFileThatIsOpenElsewhereKeepsItsContent() throws IOException {
        Files.createDirectories(out.resolve("bin"));
        Path tool = Files.writeString(out.resolve("bin/tool"), "before");
        Path other = Files.createLink(dir.resolve("other"), tool);
        export(ExportSpec.Mode.COPY, null);

        assertThat(tool).hasContent("tool");
        assertThat(other).hasContent("before");
    }

    @Test
    void removesWhatAKilledExportLeft() throws IOException {
        Path left = Files.createDirectories(out.resolve(".jbuild-partial-00112233"));
        Files.writeString(left.resolve("lock"), "");
        Files.writeString(left.resolve("half"), "half");
        export(ExportSpec.Mode.COPY, null);

        assertThat(names(out)).containsExactly("bin");
    }

    @Test
    void eachPlatformHasItsFolder() throws IOException {
        write(
                ExportSpec.Mode.DELETE,
                null,
                new RootFileSystems.Part(rootfs, "linux_amd64", "linux/amd64"),
                new RootFileSystems.Part(rootfs, "linux_arm64", "linux/arm64"));

        assertThat(names(out)).containsExactly("linux_amd64", "linux_arm64");
        assertThat(out.resolve("linux_arm64/bin/tool")).hasContent("tool");
        assertThat(stat("linux_arm64").permissions()).isEqualTo(0755);
    }

    @Test
    void twoPlatformsMustNotOverwriteEachOther() {
        assertThatThrownBy(() -> write(
                        ExportSpec.Mode.COPY,
                        null,
                        new RootFileSystems.Part(rootfs, null, "linux/amd64"),
                        new RootFileSystems.Part(rootfs, null, "linux/arm64")))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("is in the result for linux/amd64 and in the one for linux/arm64; leave out"
                        + " platform-split=false");
        assertThat(out.resolve("bin")).doesNotExist();
    }

    @Test
    void namesThatAreNoTextAndAttributesThatAreBinaryGetThrough() throws IOException {
        byte[] value = {0, (byte) 0xff, (byte) 0x80, 'x'};
        Kernel.setXattr(rootfs.resolve("bin/tool"), "user.binary", value);
        export(ExportSpec.Mode.COPY, null);

        assertThat(Kernel.xattr(out.resolve("bin/tool"), "user.binary")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", ".", "..", "src/.."})
    void emptyingTheCurrentDirectoryIsRefused(String emptied) {
        refused(Path.of(emptied), new Exporter.Limits(false, true, List.of()), "which holds the current directory");
    }

    @Test
    void whatIsNotBelowTheCurrentDirectoryIsEmptiedOnlyIfThatIsAllowed() throws IOException {
        LocalDirectory.checkDeletion(Path.of("not-there-yet"), ExportSpec.Mode.DELETE, ExporterTest.FREE);
        String message = "which is not below the current directory; if that is meant, say so with"
                + " --allow=buildx.local.delete";
        refused(dir, ExporterTest.FREE, message);
        refused(Path.of("../not-there-yet"), ExporterTest.FREE, message);
        Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("").toAbsolutePath());
        LocalDirectory.checkDeletion(link.resolve("out"), ExportSpec.Mode.DELETE, ExporterTest.FREE);

        Exporter.Limits anywhere = new Exporter.Limits(false, true, List.of(dir.resolve("needed/context")));
        LocalDirectory.checkDeletion(dir.resolve("out"), ExportSpec.Mode.DELETE, anywhere);
        LocalDirectory.checkDeletion(dir.resolve("needed/context/out"), ExportSpec.Mode.DELETE, anywhere);
        for (String holds : List.of("", "needed", "needed/context", "needed/context/.")) {
            refused(
                    dir.resolve(holds),
                    anywhere,
                    "needed/context that this build needs; choose a directory of its own");
            LocalDirectory.checkDeletion(dir.resolve(holds), ExportSpec.Mode.COPY, anywhere);
        }
    }

    private static void refused(Path emptied, Exporter.Limits limits, String message) {
        assertThatThrownBy(() -> LocalDirectory.checkDeletion(emptied, ExportSpec.Mode.DELETE, limits))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");

        assertThatThrownBy(() -> LocalDirectory.check(file))
                .isInstanceOf(ExportException.class)
                .hasMessage("cannot write files to " + file + ": it is a file, not a directory");
    }

    private void export(ExportSpec.Mode mode, @Nullable Instant clock) throws IOException {
        write(mode, clock, new RootFileSystems.Part(rootfs, null, "linux/amd64"));
    }

    private void write(ExportSpec.Mode mode, @Nullable Instant clock, RootFileSystems.Part... parts)
            throws IOException {
        new LocalDirectory(out, mode).write(List.of(parts), clock, ExportListener.NONE);
    }

    private Stat stat(String path) throws IOException {
        return Objects.requireNonNull(Kernel.stat(out.resolve(path)), path);
    }

    private static Stream<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(directory + " is no directory");
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files
                    .map(file -> new String(
                            file.getFileName().toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
