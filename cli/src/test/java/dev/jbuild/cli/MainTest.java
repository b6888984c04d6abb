package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"version", "--version", "-V"})
    void printsItsVersion(String argument) {
        assertThat(run(argument)).isEqualTo(ExitCode.OK);
        assertThat(out).hasToString("jbuild " + System.getProperty("jbuild.version") + "\n");
        assertThat(err).hasToString("");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"help", "--help", "-h"})
    void printsHelpOnStandardOutput(String argument) {
        assertThat(run(argument)).isEqualTo(ExitCode.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: jbuild COMMAND");
        assertThat(err).hasToString("");
    }

    @Test
    void withoutACommandPrintsHelpOnStandardError() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(out).hasToString("");
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Usage: jbuild COMMAND");
    }

    @Test
    void namesAnUnknownCommand() {
        assertThat(run("biuld", ".")).isEqualTo(ExitCode.USAGE);
        assertThat(out).hasToString("");
        assertThat(err).hasToString("jbuild: unknown command 'biuld'; did you mean `build`?\n");
    }

    @Test
    void saysWhereCommandsAreListed() {
        assertThat(run("frobnicate")).isEqualTo(ExitCode.USAGE);
        assertThat(err).hasToString("jbuild: unknown command 'frobnicate'; 'jbuild --help' lists the commands\n");
    }

    @Test
    void trainingIsSilent() {
        assertThat(run(TrainCommand.NAME)).isEqualTo(ExitCode.OK);
        assertThat(out).hasToString("");
        assertThat(err).hasToString("");
    }

    private ExitCode run(String... args) {
        Io io = new Io(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                Path.of(""));
        return Main.run(List.of(args).toArray(String[]::new), io);
    }
}
