package dev.jbuild.cli.report;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Severity;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import org.jspecify.annotations.Nullable;

/// One thing to tell: what is wrong, where in the Dockerfile if it is there, and what to do.
record Finding(
        Severity severity,
        String message,
        @Nullable Source source,
        @Nullable Span span,
        @Nullable String hint) {
    static Finding error(String message) {
        return new Finding(Severity.ERROR, message, null, null, null);
    }

    static Finding of(Source source, Diagnostic diagnostic) {
        String message =
                diagnostic.rule().isEmpty() ? diagnostic.message() : diagnostic.rule() + ": " + diagnostic.message();
        return new Finding(diagnostic.severity(), message, source, diagnostic.span(), diagnostic.hint());
    }

    Finding withHint(String newHint) {
        return new Finding(severity, message, source, span, newHint);
    }

    Finding at(@Nullable Source newSource, @Nullable Span newSpan) {
        return new Finding(severity, message, newSource, newSpan, hint);
    }
}
