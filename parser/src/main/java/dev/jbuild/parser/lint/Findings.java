package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Span;
import org.jspecify.annotations.Nullable;

/// What the checks of one Dockerfile find, on its way out.
final class Findings {
    private final FindingSink sink;

    Findings(FindingSink sink) {
        this.sink = sink;
    }

    void add(LintRule rule, Instruction instruction, Span span, String message, @Nullable String hint) {
        add(instruction, rule.finding(message, span, hint));
    }

    void add(@Nullable Instruction instruction, Diagnostic finding) {
        sink.add(instruction, finding);
    }
}
