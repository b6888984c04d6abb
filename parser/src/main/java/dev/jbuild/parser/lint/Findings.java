package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the checks of one Dockerfile have found so far, without what the configuration leaves out.
final class Findings {
    private final LintConfig config;
    private final List<Diagnostic> found = new ArrayList<>();

    Findings(LintConfig config) {
        this.config = config;
    }

    void add(LintRule rule, Instruction instruction, Span span, String message, @Nullable String hint) {
        add(instruction, rule.finding(message, span, hint));
    }

    void add(@Nullable Instruction instruction, Diagnostic finding) {
        LintRule rule = LintRule.named(finding.rule());
        if (rule == null || config.at(instruction).reports(rule)) {
            found.add(finding);
        }
    }

    List<Diagnostic> found() {
        return found;
    }
}
