package dev.jbuild.solver.plan;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.word.WordException;
import java.util.ArrayList;
import java.util.List;

/// An `ONBUILD` instruction of a base image, on its way into the stage that is built on it.
///
/// Its words stand in another Dockerfile, which nobody has: whatever is wrong with it is told at the `FROM`.
final class StageTrigger {
    private final Source text;
    private final Instruction instruction;
    private final StageState.Place from;

    private StageTrigger(Source text, Instruction instruction, StageState.Place from) {
        this.text = text;
        this.instruction = instruction;
        this.from = from;
    }

    /// The triggers of a base image, read.
    ///
    /// @param from where the base image is named
    static List<StageTrigger> read(List<String> triggers, StageState.Place from) {
        List<StageTrigger> read = new ArrayList<>();
        for (String trigger : triggers) {
            try {
                Instruction instruction = DockerfileParser.parseOnBuild(trigger);
                read.add(new StageTrigger(new Source("ONBUILD", trigger), instruction, from));
            } catch (DockerfileException e) {
                throw error(trigger, e.diagnostics().getFirst(), e, from);
            }
        }
        return read;
    }

    Instruction instruction() {
        return instruction;
    }

    /// What the spans of the instruction are in.
    Source text() {
        return text;
    }

    /// Applies the trigger to a stage.
    void translate(InstructionTranslator translator, StageState state) {
        state.enterTrigger(from);
        try {
            translator.translate(instruction, state, null);
        } catch (WordException e) {
            throw error(text.text(), e.diagnostic(), e, from);
        } catch (DockerfileException e) {
            // What is wrong in a stage that the trigger copies from has its own place.
            throw e.source() == text ? error(text.text(), e.diagnostics().getFirst(), e, from) : e;
        } finally {
            state.leaveTrigger();
        }
    }

    private static DockerfileException error(
            String trigger, Diagnostic finding, RuntimeException cause, StageState.Place from) {
        String first = trigger.lines().findFirst().orElse("");
        DockerfileException placed = PlanErrors.at(
                from.source(),
                from.span(),
                "in the base image's trigger ONBUILD " + first + ": " + finding.message(),
                finding.hint());
        placed.initCause(cause.getCause() == null ? cause : cause.getCause());
        return placed;
    }
}
