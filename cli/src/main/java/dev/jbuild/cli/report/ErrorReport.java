package dev.jbuild.cli.report;

import dev.jbuild.parser.source.Severity;
import java.io.PrintWriter;
import java.io.StringWriter;

/// Tells the user why a command failed: in one sentence, with the place in the Dockerfile, and with what to do.
public final class ErrorReport {
    private static final int MAX_FINDINGS = 10;

    private ErrorReport() {}

    /// Prints the report on standard error and returns the exit code that belongs to it.
    ///
    /// @param debug whether to show where in jbuild a defect of jbuild is
    public static ExitCode print(Throwable thrown, Io io, boolean debug) {
        Failure failure = Failure.of(thrown);
        io.out().flush();
        io.err().print(text(failure, thrown, io.colour(), debug));
        io.err().flush();
        return failure.code();
    }

    private static String text(Failure failure, Throwable thrown, boolean colour, boolean debug) {
        StringBuilder text = new StringBuilder();
        if (!failure.logTail().isEmpty()) {
            text.append("------\n > ")
                    .append(TerminalText.plain(failure.step().replace('\n', ' ')))
                    .append(":\n");
            for (String line : failure.logTail()) {
                text.append(TerminalText.plain(line)).append('\n');
            }
            text.append("------\n");
            if (!failure.fullLog().isEmpty()) {
                text.append("Full log: ")
                        .append(TerminalText.plain(failure.fullLog()))
                        .append('\n');
            }
        }
        int shown = 0;
        for (Finding finding : failure.findings()) {
            // Warnings are there because they were made errors: all of them have to go.
            if (shown == MAX_FINDINGS && finding.severity() == Severity.ERROR) {
                text.append("\n… and ")
                        .append(failure.findings().size() - shown)
                        .append(" more\n");
                break;
            }
            if (shown++ > 0) {
                text.append('\n');
            }
            append(finding, colour, text);
        }
        if (failure.bug()) {
            text.append("This is a bug in jbuild. Please report it with the command line, the Dockerfile");
            text.append(debug ? " and these lines:\n" : " and what the same command prints with --debug.\n");
            if (debug) {
                StringWriter trace = new StringWriter();
                thrown.printStackTrace(new PrintWriter(trace));
                text.append(trace);
            }
        }
        return text.toString();
    }

    private static void append(Finding finding, boolean colour, StringBuilder text) {
        text.append(
                switch (finding.severity()) {
                    case ERROR -> Ink.RED.on("ERROR:", colour);
                    case WARNING -> Ink.YELLOW.on("WARNING:", colour);
                });
        text.append(' ');
        finding.message()
                .lines()
                .forEach(line -> text.append(TerminalText.plain(line)).append('\n'));
        // An empty span at the very beginning is about the file as a whole.
        if (finding.source() != null && finding.span() != null && finding.span().end() > 0) {
            new Excerpt(finding.source(), finding.span(), colour).appendTo(text);
        }
        if (finding.hint() != null) {
            text.append(Ink.CYAN.on("Hint:", colour)).append(' ');
            text.append(TerminalText.plain(finding.hint())).append('\n');
        }
    }
}
