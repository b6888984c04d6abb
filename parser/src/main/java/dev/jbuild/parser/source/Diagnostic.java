package dev.jbuild.parser.source;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong, or doubtful, at one place.
///
/// @param rule the lint rule that found it, or empty for what the language itself forbids
/// @param span the exact words meant, in the source that the diagnostic travels with
/// @param hint what to write instead, as a whole sentence without a full stop
public record Diagnostic(
        Severity severity,
        String rule,
        String message,
        Span span,
        @Nullable String hint) {
    public Diagnostic {
        if (message.isBlank()) {
            throw new IllegalArgumentException("a diagnostic needs a message");
        }
    }

    public static Diagnostic error(String message, Span span, @Nullable String hint) {
        return new Diagnostic(Severity.ERROR, "", message, span, hint);
    }

    public static Diagnostic warning(String rule, String message, Span span, @Nullable String hint) {
        return new Diagnostic(Severity.WARNING, rule, message, span, hint);
    }

    /// The message with the hint behind it, for places that have one line only.
    public String summary() {
        return hint == null ? message : message + " (" + hint + ")";
    }
}
