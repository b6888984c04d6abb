package dev.jbuild.parser;

import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Divides instructions into global ARGs and stages.
final class StageCollector {
    private final List<Diagnostic> errors;
    private final List<Arg> globalArgs = new ArrayList<>();
    private final List<Stage> stages = new ArrayList<>();
    private @Nullable From from;
    private List<Instruction> instructions = new ArrayList<>();
    private boolean outsideNoted;

    StageCollector(List<Diagnostic> errors) {
        this.errors = errors;
    }

    void add(Instruction instruction) {
        if (instruction instanceof From next) {
            finishStage();
            from = next;
        } else if (from != null) {
            instructions.add(instruction);
        } else if (instruction instanceof Arg arg) {
            globalArgs.add(arg);
        } else if (!outsideNoted) {
            outsideNoted = true;
            errors.add(Diagnostic.error(
                    "no build stage in current context: " + instruction.keyword() + " stands before the first FROM",
                    instruction.origin().keyword().span(),
                    "only ARG may come before FROM"));
        }
    }

    boolean isEmpty() {
        return from == null;
    }

    List<Arg> globalArgs() {
        return globalArgs;
    }

    List<Stage> stages() {
        finishStage();
        return stages;
    }

    private void finishStage() {
        From begun = from;
        if (begun != null) {
            Word name = begun.name();
            String described = name == null ? "" : name.text().toLowerCase(Locale.ROOT);
            stages.add(new Stage(begun, instructions, description(begun.origin().comments(), described)));
            from = null;
            instructions = new ArrayList<>();
        }
    }

    /// The rest of the first comment that begins with the name, or null.
    static @Nullable String description(List<Word> comments, String name) {
        if (name.isEmpty()) {
            return null;
        }
        for (Word comment : comments) {
            String text = comment.text();
            if (text.startsWith(name) && text.startsWith(" ", name.length())) {
                return text.substring(name.length() + 1);
            }
        }
        return null;
    }
}
