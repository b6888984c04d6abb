package dev.jbuild.solver.plan;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Vertex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An `ONBUILD` instruction of a base image, on its way into the stage that is built on it.
///
/// Its words stand in another Dockerfile, which nobody has: whatever is wrong with it is told at the `FROM`.
final class StageTrigger implements StageVertices {
    private final Source text;
    private final Instruction instruction;
    private final StageVertices stage;
    private final Span from;

    private StageTrigger(Source text, Instruction instruction, StageVertices stage, Span from) {
        this.text = text;
        this.instruction = instruction;
        this.stage = stage;
        this.from = from;
    }

    /// The triggers of a base image, read.
    ///
    /// @param from where the base image is named in `stage`'s source
    static List<StageTrigger> read(List<String> triggers, StageVertices stage, Span from) {
        List<StageTrigger> read = new ArrayList<>();
        for (String trigger : triggers) {
            try {
                Instruction instruction = DockerfileParser.parseOnBuild(trigger);
                read.add(new StageTrigger(new Source("ONBUILD", trigger), instruction, stage, from));
            } catch (DockerfileException e) {
                throw error(trigger, e.diagnostics().getFirst(), e, stage, from);
            }
        }
        return read;
    }

    Instruction instruction() {
        return instruction;
    }

    /// Applies the trigger to a stage.
    void translate(InstructionTranslator translator, StageState state) {
        state.enter(text, new StageState.Place(stage.source(), from));
        try {
            translator.translate(instruction, state, null);
        } catch (WordException e) {
            throw error(text.text(), e.diagnostic(), e, stage, from);
        } catch (DockerfileException e) {
            // What is wrong in a stage that the trigger copies from has its own place.
            throw e.source() == text ? error(text.text(), e.diagnostics().getFirst(), e, stage, from) : e;
        } finally {
            state.leave();
        }
    }

    private static DockerfileException error(
            String trigger, Diagnostic finding, RuntimeException cause, StageVertices stage, Span from) {
        String first = trigger.lines().findFirst().orElse("");
        DockerfileException placed = PlanErrors.at(
                stage.source(),
                from,
                "in the base image's trigger ONBUILD " + first + ": " + finding.message(),
                finding.hint());
        placed.initCause(cause.getCause() == null ? cause : cause.getCause());
        return placed;
    }

    @Override
    public BuildGraph graph() {
        return stage.graph();
    }

    @Override
    public Source source() {
        return text;
    }

    @Override
    public Vertex context() {
        return stage.context();
    }

    @Override
    public @Nullable Vertex from(String name, Word word, Instruction user, StageState state) {
        return stage.from(name, word, user, state);
    }
}
