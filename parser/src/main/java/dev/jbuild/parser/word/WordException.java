package dev.jbuild.parser.word;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A word cannot be expanded. The span is one of the source that the word came from.
public final class WordException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Span span;
    private final transient @Nullable String hint;

    public WordException(String message, Span span, @Nullable String hint) {
        super(message);
        this.span = span;
        this.hint = hint;
    }

    public Span span() {
        return span;
    }

    public Diagnostic diagnostic() {
        String message = getMessage();
        return Diagnostic.error(message == null ? "bad word" : message, span, hint);
    }

    /// The same finding as an error of a whole source.
    public DockerfileException in(Source source) {
        DockerfileException exception = new DockerfileException(source, List.of(diagnostic()));
        exception.initCause(this);
        return exception;
    }
}
