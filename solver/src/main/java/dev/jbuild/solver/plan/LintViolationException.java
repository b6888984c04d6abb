package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import java.io.Serial;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// The Dockerfile asks for builds to fail where rules find something, and they did.
public final class LintViolationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Source source;
    private final transient List<Diagnostic> findings;

    /// @param rules those that were violated
    public LintViolationException(Source source, List<Diagnostic> findings, Collection<String> rules) {
        super("lint violation found for rules: " + String.join(", ", new TreeSet<>(rules)));
        this.source = source;
        this.findings = List.copyOf(findings);
    }

    public Source source() {
        return source;
    }

    public List<Diagnostic> findings() {
        return findings;
    }
}
