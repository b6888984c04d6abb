package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The build stages of a Dockerfile by name and number.
final class StageGraph {
    private final List<Stage> stages;
    private final List<@Nullable String> names = new ArrayList<>();
    private final Map<String, NavigableSet<Integer>> byName = new HashMap<>();

    StageGraph(Dockerfile dockerfile) {
        this.stages = dockerfile.stages();
        for (Stage stage : stages) {
            String name = stage.name();
            if (name != null) {
                byName.computeIfAbsent(name, _ -> new TreeSet<>()).add(names.size());
            }
            names.add(name);
        }
    }

    Stage stage(int index) {
        return stages.get(index);
    }

    int size() {
        return stages.size();
    }

    /// The stage's name in lower case, null if it has none.
    @Nullable
    String name(int index) {
        return names.get(index);
    }

    /// The name that progress lines show.
    String label(int index) {
        String name = names.get(index);
        return name != null ? name : size() == 1 ? "" : "stage-" + index;
    }

    List<String> allNames() {
        List<String> all = new ArrayList<>();
        for (String name : names) {
            if (name != null) {
                all.add(name);
            }
        }
        return all;
    }

    /// The stage that `FROM name` means: the latest one of that name before `before`. BuildKit compares with the
    /// lower-cased name, so `FROM Base` is an image even where a stage `Base` exists.
    OptionalInt base(String name, int before) {
        return latest(name, before);
    }

    /// The stage that `--target` means.
    OptionalInt target(String name) {
        return latest(name.toLowerCase(Locale.ROOT), size());
    }

    /// The stage that `--from=name` means: a name, in any case, or a number; the last definition of a name wins.
    OptionalInt from(String name) {
        OptionalInt byName = latest(name.toLowerCase(Locale.ROOT), size());
        return byName.isPresent() ? byName : number(name);
    }

    private static OptionalInt number(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    private OptionalInt latest(String name, int before) {
        Integer index =
                byName.getOrDefault(name, Collections.emptyNavigableSet()).lower(before);
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /// What the instructions of a stage name with `--from` and `from=`, as written.
    static List<Word> references(Stage stage) {
        List<Word> found = new ArrayList<>();
        for (Instruction instruction : stage.instructions()) {
            if (instruction instanceof Copy copy && copy.from() != null) {
                found.add(copy.from());
            } else if (instruction instanceof Run run) {
                run.mounts()
                        .forEach(mount -> mount.options().forEach(option -> {
                            Word value = option.value();
                            if (option.key().text().equalsIgnoreCase("from") && value != null) {
                                found.add(value);
                            }
                        }));
            }
        }
        return found;
    }
}
