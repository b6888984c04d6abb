package dev.jbuild.cli;

import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.plan.ContextSource;

/// The main build context, and the Dockerfile, which most often lies in it.
sealed interface MainContext {
    Source dockerfile();

    /// Its files lie on this machine.
    record Here(Source dockerfile, Context files) implements MainContext {}

    /// Its files come from elsewhere.
    record Elsewhere(Source dockerfile, ContextSource files) implements MainContext {}
}
