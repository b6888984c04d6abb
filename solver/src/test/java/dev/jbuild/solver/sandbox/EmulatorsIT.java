package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Emulators of this machine, and machines without them.
@Timeout(60)
class EmulatorsIT {
    @TempDir
    Path directory;

    private Emulators emulators(String path) {
        return new Emulators(new Programs(path), () -> {
            try {
                return Files.createTempDirectory(directory, "trial");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// That the smallest program is one for every processor, only its emulator can say.
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theSmallestProgramRuns(Processor processor) throws Exception {
        boolean own = processor.architecture().equals(Platform.host().architecture());
        String emulator = "qemu-" + processor.qemu() + "-static";
        assumeTrue(own || new Programs("").find(emulator).isPresent(), emulator + " is not here: run testdata/prepare");
        Path program = Files.write(directory.resolve("program"), processor.program());
        assertThat(program.toFile().setExecutable(true)).isTrue();
        List<String> command = own ? List.of(program.toString()) : List.of(emulator, program.toString());
        assertThat(Children.run(command, directory, (stream, line) -> fail(line)))
                .isEqualTo(Processor.WELL);
    }

    @Test
    void anEmulatorIsUsedWhetherTheKernelKnowsItOrNot() throws Exception {
        String emulator = Platform.host().architecture().equals("arm64") ? "qemu-x86_64-static" : "qemu-aarch64-static";
        assumeTrue(new Programs("").find(emulator).isPresent(), emulator + " is not here: run testdata/prepare");
        Platform foreign = Platform.parse(emulator.contains("x86") ? "linux/amd64" : "linux/arm64");
        try (Emulators emulators = emulators(System.getenv("PATH"))) {
            Emulation emulation = emulators.of(foreign);
            assertThat(emulation).isNotInstanceOf(Emulation.Native.class);
            if (emulation instanceof Emulation.Missing(var reason, var remedy)) {
                assumeTrue(false, reason);
            }
            assertThat(emulators.of(foreign)).isSameAs(emulation);
            assertThat(emulators.of(Platform.host())).isInstanceOf(Emulation.Native.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsNotKnownIsMissing() throws Exception {
        try (Emulators emulators = emulators("")) {
            assertThat(emulators.of(Platform.parse("linux/vax"))).isInstanceOf(Emulation.Missing.class);
        }
    }
}
