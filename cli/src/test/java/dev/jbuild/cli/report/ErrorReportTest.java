package dev.jbuild.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorReportTest {
    private final FakeIo io = new FakeIo();

    /// Each folder of `testdata/reports/errors` holds a Dockerfile in which `«` and `»` stand around the words meant,
    /// a file with one `message | hint` for each of them, and the report.
    static List<Path> cases() {
        return Testdata.cases("reports/errors");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void showsThePlace(Path folder) throws IOException {
        assertThat(ErrorReport.print(marked(folder), io.io(), false)).isEqualTo(ExitCode.INVALID_DOCKERFILE);
        Golden.check(io.err(), folder.resolve("report.txt"));
    }

    private static DockerfileException marked(Path folder) throws IOException {
        String marked = Files.readString(folder.resolve("Dockerfile"));
        StringBuilder text = new StringBuilder();
        List<Span> spans = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < marked.length(); i++) {
            switch (marked.charAt(i)) {
                case '«' -> start = text.length();
                case '»' -> spans.add(new Span(start, text.length()));
                default -> text.append(marked.charAt(i));
            }
        }
        List<String> messages = Files.readAllLines(folder.resolve("messages.txt"));
        List<Diagnostic> diagnostics = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            String[] parts = messages.get(Math.min(i, messages.size() - 1)).split(" \\| ", 2);
            String hint = parts.length > 1 ? parts[1] : null;
            diagnostics.add(
                    parts[0].startsWith("warning ")
                            ? Diagnostic.warning("Rule", parts[0].substring(8), spans.get(i), hint)
                            : Diagnostic.error(parts[0], spans.get(i), hint));
        }
        return new DockerfileException(new Source("Dockerfile", text.toString()), diagnostics);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new UsageException("unknown option --foo"), ExitCode.USAGE, "ERROR: unknown option --foo\n"),
                Arguments.of(new InterruptedException(), ExitCode.CANCELLED, "ERROR: canceled\n"),
                Arguments.of(new CancellationException(), ExitCode.CANCELLED, "ERROR: canceled\n"),
                Arguments.of(
                        new NoSuchFileException("/ctx/Dockerfile"),
                        ExitCode.BUILD_FAILED,
                        "ERROR: /ctx/Dockerfile: no such file or directory\n"),
                Arguments.of(
                        new UncheckedIOException(new AccessDeniedException("/root/x")),
                        ExitCode.BUILD_FAILED,
                        "ERROR: /root/x: permission denied\n"),
                Arguments.of(new CompletionException(new UsageException("inner")), ExitCode.USAGE, "ERROR: inner\n"),
                Arguments.of(
                        new IOException("broken\u001b[2J pipe\u0007"), ExitCode.BUILD_FAILED, "ERROR: broken pipe\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void everyExceptionHasItsExitCode(Exception failure, ExitCode code, String report) {
        assertThat(ErrorReport.print(failure, io.io(), false)).isEqualTo(code);
        assertThat(io.err()).isEqualTo(report);
    }

    @Test
    void anImageThatCannotBeHadIsToldAtItsNameAndIsNoMistakeOfTheFile() {
        Source source = new Source("Dockerfile", "FROM scratch AS tools\nFROM too\n");
        DockerfileException placed = new DockerfileException(
                source, List.of(Diagnostic.error("x", new Span(27, 30), "did you mean the stage `tools`?")));
        placed.initCause(new AccessDeniedException("/layouts/too"));
        assertThat(ErrorReport.print(placed, io.io(), false)).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(io.err()).isEqualTo("""
                ERROR: /layouts/too: permission denied
                Dockerfile:2:6
                --------------------
                   1 |     FROM scratch AS tools
                   2 | >>> FROM too
                     |          ^^^
                --------------------
                Hint: did you mean the stage `tools`?
                """);
    }

    @Test
    void ourOwnBugAsksForAReport() {
        assertThat(ErrorReport.print(new IllegalStateException("no edge"), io.io(), false))
                .isEqualTo(ExitCode.INTERNAL);
        assertThat(io.err()).isEqualTo("""
                ERROR: internal error: java.lang.IllegalStateException: no edge
                This is a bug in jbuild. Please report it with the command line, the Dockerfile and what the same command prints with --debug.
                """);
    }

    @Test
    void ourOwnBugShowsItsTraceOnRequestOnly() {
        ErrorReport.print(new IllegalStateException("no edge"), io.io(), true);
        assertThat(io.err()).contains("these lines:\njava.lang.IllegalStateException: no edge\n\tat dev.jbuild.cli");
    }

    @Test
    void coloursOnlyOnATerminal() {
        FakeIo terminal = new FakeIo().terminal(80, 24);
        ErrorReport.print(new UsageException("x"), terminal.io(), false);
        assertThat(terminal.err()).isEqualTo("\u001b[31mERROR:\u001b[0m x\n");
        FakeIo noColour = new FakeIo().terminal(80, 24).env("NO_COLOR", "1");
        ErrorReport.print(new UsageException("x"), noColour.io(), false);
        assertThat(noColour.err()).isEqualTo("ERROR: x\n");
    }
}
