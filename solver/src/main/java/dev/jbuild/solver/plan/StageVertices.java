package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Vertex;
import org.jspecify.annotations.Nullable;

/// What the translators of instructions need of the build around them.
interface StageVertices {
    /// The graph that vertices are added to.
    BuildGraph graph();

    /// The text that spans of this stage's instructions point into.
    Source source();

    /// What is remote, pinned as it is asked for.
    Remotes remotes();

    /// Where everything doubtful is told.
    PlanWarnings warnings();

    /// Whether the graph is thrown away, so that only what is said of the Dockerfile counts.
    boolean checking();

    /// The build context.
    Vertex context();

    /// What `--from=name` or `from=name` stands for: a stage, a named context or an image; null for an empty tree.
    ///
    /// @param user the stage that names it
    @Nullable
    Vertex from(String name, dev.jbuild.parser.ast.Word word, Instruction instruction, StageState user);
}
