package dev.jbuild.parser.source;

import java.io.Serial;
import java.util.List;

/// A text is not a Dockerfile. It holds everything that was found wrong in one reading; the first finding is the
/// exception's message.
public final class DockerfileException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Source source;
    private final transient List<Diagnostic> diagnostics;

    /// @param diagnostics at least one
    public DockerfileException(Source source, List<Diagnostic> diagnostics) {
        super(source.place(diagnostics.getFirst().span().start()) + ": "
                + diagnostics.getFirst().summary());
        this.source = source;
        this.diagnostics = List.copyOf(diagnostics);
    }

    public Source source() {
        return source;
    }

    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
