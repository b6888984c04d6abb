package dev.jbuild.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// One thing that RUN does, with what it comes to on each rung.
///
/// @param name of its build stage
/// @param what it is, in the words of the table in `docs/isolation.md`
/// @param options of the command line that it needs
/// @param instructions of the stage; stages that they begin have names that begin with this one's and a dash
/// @param said what the RUNs of these stages print
/// @param apart the rungs where it is something else
record RunRow(
        String name,
        String what,
        List<String> options,
        String instructions,
        List<String> said,
        Map<Rung, Difference> apart) {

    /// @param words of the table
    /// @param said what is printed there; nothing if the build fails
    /// @param refusal what the message of the failing build contains, empty if it does not fail
    record Difference(String words, List<String> said, String refusal) {}

    RunRow {
        options = List.copyOf(options);
        said = List.copyOf(said);
        apart = Map.copyOf(apart);
    }

    /// @param said a line each
    static RunRow of(String name, String what, String instructions, String... said) {
        return new RunRow(name, what, List.of(), instructions, List.of(said), Map.of());
    }

    RunRow with(String... options) {
        return new RunRow(name, what, List.of(options), instructions, said, apart);
    }

    /// On this rung it prints something else.
    RunRow but(Rung rung, String words, String... lines) {
        return apart(rung, new Difference(words, List.of(lines), ""));
    }

    /// On this rung it fails, with this in its message.
    RunRow refused(Rung rung, String message) {
        return apart(rung, new Difference("refused", List.of(), message));
    }

    private RunRow apart(Rung rung, Difference difference) {
        Map<Rung, Difference> more = new EnumMap<>(Rung.class);
        more.putAll(apart);
        more.put(rung, difference);
        return new RunRow(name, what, options, instructions, said, more);
    }

    boolean isRefused(Rung rung) {
        return apart.containsKey(rung) && !apart.get(rung).refusal().isEmpty();
    }

    List<String> said(Rung rung) {
        return apart.containsKey(rung) ? apart.get(rung).said() : said;
    }

    /// What stands in the table.
    String words(Rung rung) {
        return apart.containsKey(rung) ? apart.get(rung).words() : "yes";
    }

    /// The stages of a Dockerfile that has a stage `base`.
    String stages() {
        return "FROM base AS " + name + "\n" + instructions;
    }

    /// The stage that all others of the row are part of.
    String last() {
        String last = stages().lines()
                .filter(line -> line.startsWith("FROM "))
                .toList()
                .getLast();
        return last.substring(last.lastIndexOf(' ') + 1);
    }

    boolean owns(String stage) {
        return stage.equals(name) || stage.startsWith(name + "-");
    }
}
