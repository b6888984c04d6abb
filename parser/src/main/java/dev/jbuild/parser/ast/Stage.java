package dev.jbuild.parser.ast;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One build stage.
///
/// @param instructions those after `FROM`, in order
/// @param description the comment before `FROM` that begins with the stage's name, without the name
public record Stage(
        From from, List<Instruction> instructions, @Nullable String description) {
    public Stage {
        instructions = List.copyOf(instructions);
    }

    /// The name in the lower case in which names are compared, or null if the stage has none.
    public @Nullable String name() {
        Word name = from.name();
        return name == null ? null : name.text().toLowerCase(Locale.ROOT);
    }
}
