package dev.jbuild.solver.run;

import dev.jbuild.solver.sandbox.Stdio;
import java.util.List;

/// What a user runs in the place of a process of RUN.
///
/// @param command the program and its arguments; none for a shell
/// @param moreEnv variables besides those of the place, which win
/// @param stdio where its standard streams lead: the user sees and types there
public record Visit(List<String> command, List<String> moreEnv, Stdio stdio) {
    public Visit {
        command = List.copyOf(command);
        moreEnv = List.copyOf(moreEnv);
    }
}
