package dev.jbuild.cli.command;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import java.util.Locale;

/// `--offline` and `$JBUILD_OFFLINE`: whether other machines may be asked at all.
public final class Offline {
    private static final String OPTION = "--offline";
    private static final String VARIABLE = "JBUILD_OFFLINE";

    private Offline() {}

    public static Options declare(Options options) {
        return options.flag("Connect to no other machine: what is not in the store is an error.", OPTION);
    }

    /// Whether the command line forbids connections; a command without the option can be told by the variable.
    public static boolean asked(Options.Parsed parsed) {
        return parsed.has(OPTION);
    }

    /// Whether the command line or the environment forbids connections.
    public static boolean is(Options.Parsed parsed, Io io) {
        return asked(parsed) || inEnvironment(io);
    }

    /// Whether the environment forbids connections.
    public static boolean inEnvironment(Io io) {
        String value = io.env(VARIABLE);
        return switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
            case "", "0", "false", "no" -> false;
            case "1", "true", "yes" -> true;
            default -> throw new UsageException(VARIABLE + "=" + value + ": expected true or false");
        };
    }
}
