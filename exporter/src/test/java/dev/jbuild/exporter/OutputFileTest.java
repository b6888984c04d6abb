package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path dir;

    @Test
    void appearsWhenItIsComplete() throws IOException {
        Path target = dir.resolve("a.tar");
        try (OutputFile output = OutputFile.create(target)) {
            write(output, "content");
            assertThat(target).doesNotExist();
            output.commit();
        }

        assertThat(target).hasContent("content");
        assertThat(names()).containsExactly("a.tar");
    }

    @Test
    void leavesWhatWasThereIfItIsNotCompleted() throws IOException {
        Path target = Files.writeString(dir.resolve("a.tar"), "before");
        try (OutputFile output = OutputFile.create(target)) {
            write(output, "half");
        }

        assertThat(target).hasContent("before");
        assertThat(names()).containsExactly("a.tar");
    }

    @Test
    void removesWhatAKilledProcessLeft() throws IOException {
        Files.writeString(dir.resolve(".a.tar.jbuild-partial-0011223344556677"), "half");
        Files.writeString(dir.resolve(".b.tar.jbuild-partial-0011223344556677"), "another one's");
        try (OutputFile output = OutputFile.create(dir.resolve("a.tar"))) {
            output.commit();
        }

        assertThat(names()).containsExactly(".b.tar.jbuild-partial-0011223344556677", "a.tar");
    }

    @Test
    void keepsSymbolicLinksAndPermissions() throws IOException {
        Path real = Files.writeString(Files.createDirectory(dir.resolve("real")).resolve("r.tar"), "before");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(dir.resolve("a.tar"), Path.of("real/r.tar"));
        try (OutputFile output = OutputFile.create(link)) {
            write(output, "after");
            output.commit();
        }

        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("after");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-------");
    }

    @Test
    void writesToADeviceAsItIs() throws IOException {
        try (OutputFile output = OutputFile.create(Path.of("/dev/null"))) {
            write(output, "gone");
            output.commit();
        }

        assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
    }

    @Test
    void saysWhatIsWrongWithADestination() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");

        assertThatThrownBy(() -> OutputFile.check(dir))
                .isInstanceOf(ExportException.class)
                .hasMessage("cannot write " + dir + ": it is a directory; name a file in it");
        assertThatThrownBy(() -> OutputFile.check(dir.resolve("no/a.tar")))
                .isInstanceOf(ExportException.class)
                .hasMessage("cannot write " + dir + "/no/a.tar: the directory " + dir
                        + "/no does not exist; create it first");
        assertThatThrownBy(() -> OutputFile.check(file.resolve("a.tar")))
                .isInstanceOf(ExportException.class)
                .hasMessage("cannot write " + file + "/a.tar: " + file + " is not a directory");
    }

    private static void write(OutputFile output, String text) throws IOException {
        output.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }
}
