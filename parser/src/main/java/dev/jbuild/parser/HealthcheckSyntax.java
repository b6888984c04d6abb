package dev.jbuild.parser;

import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.ExecForm;
import dev.jbuild.parser.ast.Healthcheck;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.parser.source.Whitespace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `HEALTHCHECK`.
final class HealthcheckSyntax {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private HealthcheckSyntax() {}

    static Healthcheck healthcheck(Statement statement) throws SyntaxException {
        if (!statement.hasArguments()) {
            throw new SyntaxException(
                    "HEALTHCHECK requires at least one argument",
                    statement.keyword().span(),
                    "write HEALTHCHECK NONE, or HEALTHCHECK CMD and a command");
        }
        int typeEnd = statement.argumentsStart();
        while (typeEnd < statement.end() && !Whitespace.is(statement.line().charAt(typeEnd))) {
            typeEnd++;
        }
        Word type = statement.line().word(statement.argumentsStart(), typeEnd);
        Statement command = statement.withArgumentsFrom(typeEnd);
        return switch (type.text().toUpperCase(Locale.ROOT)) {
            case "NONE" -> none(command);
            case "CMD" -> cmd(command);
            default ->
                throw new SyntaxException(
                        "Unknown type " + Quoted.of(type.text()) + " in HEALTHCHECK (try CMD)",
                        type.span(),
                        Suggestion.didYouMean(type.text(), List.of("CMD", "NONE")));
        };
    }

    private static Healthcheck none(Statement statement) throws SyntaxException {
        if (statement.hasArguments()) {
            throw new SyntaxException(
                    "HEALTHCHECK NONE takes no arguments",
                    statement.argumentsSpan(),
                    "to run a command, write HEALTHCHECK CMD and the command");
        }
        statement.ignoreFlags();
        return new Healthcheck(null, null, null, null, null, null, statement.origin());
    }

    private static Healthcheck cmd(Statement statement) throws SyntaxException {
        Flags flags = statement.flags();
        Command command = CommandSyntax.command(statement);
        if (!statement.hasArguments()
                || (command instanceof ExecForm exec && exec.arguments().isEmpty())) {
            throw new SyntaxException(
                    "Missing command after HEALTHCHECK CMD",
                    statement.argumentsSpan(),
                    "for example HEALTHCHECK CMD curl -f http://localhost/");
        }
        return new Healthcheck(
                command,
                duration("interval", flags),
                duration("timeout", flags),
                duration("start-period", flags),
                duration("start-interval", flags),
                retries(flags),
                statement.origin());
    }

    private static @Nullable Duration duration(String name, Flags flags) throws SyntaxException {
        Word value = flags.value(name);
        if (value == null || value.text().isEmpty()) {
            return null;
        }
        Duration duration = DurationSyntax.parse(value.text());
        if (duration == null) {
            throw new SyntaxException(
                    "invalid duration " + Quoted.of(value.text()) + " for --" + name,
                    value.span(),
                    "write a number and a unit, for example 30s, 1m30s or 500ms");
        }
        if (!duration.isZero() && duration.compareTo(SHORTEST) < 0) {
            throw new SyntaxException(
                    "--" + name + " cannot be less than 1ms, but is " + Quoted.of(value.text()),
                    value.span(),
                    "write 0 for the default, or a unit such as s");
        }
        return duration.isZero() ? null : duration;
    }

    private static @Nullable Integer retries(Flags flags) throws SyntaxException {
        Word value = flags.value("retries");
        if (value == null || value.text().isEmpty()) {
            return null;
        }
        int retries;
        try {
            retries = Integer.parseInt(value.text());
        } catch (NumberFormatException e) {
            throw new SyntaxException(
                    "--retries must be a whole number, but is " + Quoted.of(value.text()),
                    value.span(),
                    "for example --retries=3");
        }
        if (retries < 0) {
            throw new SyntaxException(
                    "--retries cannot be negative (" + retries + ")", value.span(), "write 0 for the default");
        }
        return retries == 0 ? null : retries;
    }
}
