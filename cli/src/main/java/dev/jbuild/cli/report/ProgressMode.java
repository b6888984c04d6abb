package dev.jbuild.cli.report;

import java.util.Locale;
import java.util.Optional;

/// How a build's progress is shown: the values of `--progress` and of the variable `BUILDKIT_PROGRESS`.
public enum ProgressMode {
    /// [#TTY] on a terminal, else [#PLAIN].
    AUTO,
    PLAIN,
    TTY,
    QUIET,
    RAWJSON,
    /// The same as [#QUIET].
    NONE;

    /// The mode of this name; nothing at all means `auto`.
    ///
    /// @throws UsageException if there is no such mode
    public static ProgressMode parse(String text) {
        return switch (text) {
            case "", "auto" -> AUTO;
            case "plain" -> PLAIN;
            case "tty" -> TTY;
            case "quiet" -> QUIET;
            case "rawjson" -> RAWJSON;
            case "none" -> NONE;
            default ->
                throw new UsageException(
                        "invalid progress mode \"" + text + "\": expected auto, plain, tty, quiet, rawjson or none");
        };
    }

    /// The mode that an option asks for, else the environment.
    public static ProgressMode of(Optional<String> option, Io io) {
        String fallback = io.env("BUILDKIT_PROGRESS");
        return parse(option.orElse(fallback == null ? "" : fallback));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
