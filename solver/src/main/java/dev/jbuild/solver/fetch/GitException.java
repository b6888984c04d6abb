package dev.jbuild.solver.fetch;

import java.io.IOException;
import java.util.List;

/// A run of git ended badly. The message is what git said last.
final class GitException extends IOException {
    private static final long serialVersionUID = 1L;

    // What servers of other kinds and ages say where they will not give a single commit or a shallow history, and what
    // a name that has become a directory makes of an older fetch.
    private static final List<String> ANOTHER_WAY = List.of(
            "not our ref",
            "unadvertised object",
            "shallow",
            "find remote ref",
            "no such remote ref",
            "cannot lock ref",
            "unable to update local ref",
            "not support");

    private final String said;

    /// @param output what git wrote to its standard error
    GitException(String command, int code, List<String> output) {
        super("git " + command + ": " + message(output, code));
        this.said = String.join("\n", output);
    }

    private static String message(List<String> output, int code) {
        List<String> told = output.stream()
                .map(line -> line.replaceFirst("^(fatal|error|remote): ?", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
        return told.isEmpty()
                ? "exit code " + code
                : String.join("; ", told.subList(Math.max(0, told.size() - 4), told.size()));
    }

    /// Whether another way to fetch the same may work.
    boolean mayWorkOtherwise() {
        return ANOTHER_WAY.stream().anyMatch(said::contains);
    }
}
