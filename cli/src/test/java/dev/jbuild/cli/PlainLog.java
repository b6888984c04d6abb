package dev.jbuild.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `--progress=plain` told, step by step.
record PlainLog(List<Step> steps) {
    private static final Pattern LINE = Pattern.compile("#(?<number>\\d+) (?<text>.*)");
    private static final Pattern TIME = Pattern.compile("\\d+\\.\\d+ ");
    private static final Pattern STAGE =
            Pattern.compile("\\[(?:(?<platform>\\S+/\\S+) )?(?:(?<stage>\\S+) +)?\\d+/\\d+\\] .*");

    /// @param end `DONE`, `CACHED`, `CANCELED` or `ERROR`
    record Step(String name, String end, List<String> lines) {
        /// The build stage that it belongs to, empty if none.
        String stage() {
            Matcher matcher = STAGE.matcher(name);
            return matcher.matches() && matcher.group("stage") != null ? matcher.group("stage") : "";
        }

        /// The platform in its name, empty if there is none.
        String platform() {
            Matcher matcher = STAGE.matcher(name);
            return matcher.matches() && matcher.group("platform") != null ? matcher.group("platform") : "";
        }

        /// Whether an instruction made it: it is no base image and no output.
        boolean isInstruction() {
            return STAGE.matcher(name).matches() && !instruction().startsWith("FROM ");
        }

        /// Its name without the brackets.
        String instruction() {
            return name.substring(name.indexOf("] ") < 0 ? 0 : name.indexOf("] ") + 2);
        }
    }

    PlainLog {
        steps = List.copyOf(steps);
    }

    static PlainLog of(String text) {
        Map<Integer, String> names = new LinkedHashMap<>();
        Map<Integer, String> ends = new LinkedHashMap<>();
        Map<Integer, List<String>> lines = new LinkedHashMap<>();
        text.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            int number = Integer.parseInt(line.group("number"));
            String said = line.group("text");
            String first = said.split("[ :]", 2)[0];
            if (names.putIfAbsent(number, said) == null) {
                lines.put(number, new ArrayList<>());
            } else if (List.of("DONE", "CACHED", "CANCELED", "ERROR").contains(first)) {
                ends.put(number, first);
            } else if (TIME.matcher(said).lookingAt()) {
                lines.getOrDefault(number, new ArrayList<>()).add(said.substring(said.indexOf(' ') + 1));
            }
        });
        List<Step> steps = new ArrayList<>();
        names.forEach((number, name) ->
                steps.add(new Step(name, ends.getOrDefault(number, ""), lines.getOrDefault(number, List.of()))));
        return new PlainLog(steps);
    }

    /// The stages that had to do with the build, whether their steps ran or were there already.
    NavigableSet<String> stages() {
        NavigableSet<String> stages = new TreeSet<>();
        steps.stream().map(Step::stage).filter(stage -> !stage.isEmpty()).forEach(stages::add);
        return stages;
    }

    List<Step> of(String stage, String keyword) {
        return steps.stream()
                .filter(step -> step.stage().equals(stage) && step.instruction().startsWith(keyword))
                .toList();
    }

    /// The instructions that ran, as `STAGE: INSTRUCTION`.
    List<String> ran() {
        return ended("DONE");
    }

    List<String> cached() {
        return ended("CACHED");
    }

    private List<String> ended(String end) {
        return steps.stream()
                .filter(step -> step.end().equals(end) && step.isInstruction())
                .map(step -> (step.stage().isEmpty() ? "" : step.stage() + ": ") + step.instruction())
                .toList();
    }
}
