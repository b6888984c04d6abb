package dev.jbuild.solver;

import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.plan.LintViolationException;
import dev.jbuild.solver.plan.Plan;

/// Between planning and running: what is doubtful is told, and what must not be fails the build.
final class LintGate {
    private LintGate() {}

    /// @throws LintViolationException if the Dockerfile wants its findings to be errors
    static void pass(Plan plan, Source source, Steps steps) {
        if (plan.warnings().isEmpty()) {
            return;
        }
        if (!plan.violatedRules().isEmpty()) {
            throw new LintViolationException(source, plan.warnings(), plan.violatedRules());
        }
        Steps.Step step = steps.start("[internal] load build definition from " + source.name());
        plan.warnings().forEach(finding -> step.found(source, finding));
        step.completed();
    }
}
