package dev.jbuild.parser;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Span;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// One instruction is wrong; the parser notes it and goes on with the next.
final class SyntaxException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Diagnostic diagnostic;

    SyntaxException(String message, Span span, @Nullable String hint) {
        super(message, null, false, false);
        diagnostic = Diagnostic.error(message, span, hint);
    }

    SyntaxException(Diagnostic diagnostic) {
        super(diagnostic.message(), null, false, false);
        this.diagnostic = diagnostic;
    }

    Diagnostic diagnostic() {
        return diagnostic;
    }
}
