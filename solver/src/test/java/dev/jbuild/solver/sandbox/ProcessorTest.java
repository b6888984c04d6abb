package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Programs of other processors, and how a kernel is told of them.
class ProcessorTest {
    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @CsvSource({"linux/arm/v7, ARM", "linux/arm/v6, ARM", "linux/arm64, ARM64", "linux/amd64/v3, AMD64"})
    void isThatOfAPlatform(String platform, Processor expected) {
        assertThat(Processor.of(Platform.parse(platform))).contains(expected);
    }

    @Test
    void isUnknownForUnknownPlatforms() {
        assertThat(Processor.of(Platform.parse("linux/vax"))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void isReadFromItsPrograms(Processor processor) throws IOException {
        Path file = Files.write(directory.resolve("program"), processor.program());
        assertThat(Executable.read(file)).isEqualTo(new Executable(Optional.of(processor), false));
    }

    @Test
    void scriptsHaveAnInterpreterAndNoProcessor() throws IOException {
        Path file = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");
        assertThat(Executable.read(file)).isEqualTo(new Executable(Optional.empty(), true));
        assertThat(Processor.of(ByteBuffer.allocate(0))).isEmpty();
    }

    @Test
    void thisJavaIsAProgramOfThisMachineWithADynamicLinker() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin/java");
        assertThat(Executable.read(java)).isEqualTo(new Executable(Processor.of(Platform.host()), true));
    }

    @Test
    void isRegisteredByTheFirstBytesOfItsPrograms() {
        assertThat(Processor.ARM.registration("/usr/bin/qemu-arm-static"))
                .isEqualTo(":jbuild-arm:M:"
                        + ":\\x7f\\x45\\x4c\\x46\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x28\\x00"
                        + ":\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff"
                        + ":/usr/bin/qemu-arm-static:POCF");
    }
}
