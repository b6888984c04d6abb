package dev.jbuild.solver;

import dev.jbuild.solver.graph.Vertex;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What is found out about a vertex only when no cache has its result.
interface BeforeRun {
    /// Looks whether it can be run at all.
    ///
    /// @return what could be done better, null if nothing is known
    /// @throws SolveException if it cannot
    @Nullable
    String check(Vertex vertex) throws IOException, InterruptedException;
}
