package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Env;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.KeyValue;
import dev.jbuild.parser.ast.MountFlag;
import dev.jbuild.parser.ast.MountOption;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.parser.word.WordExpander;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Goes through the stages that a target needs, without a plan.
final class OutlineReader {
    private final PlanRequest request;
    private final StageGraph stages;
    private final BuildScope scope;
    private final Map<String, ArgDefinition> globals = new LinkedHashMap<>();
    private final Map<Integer, Map<String, String>> variables = new HashMap<>();
    private final Map<String, Outline.Argument> arguments = new LinkedHashMap<>();
    private final Map<String, Outline.Mounted> secrets = new LinkedHashMap<>();
    private final Map<String, Outline.Mounted> ssh = new LinkedHashMap<>();
    private final Map<String, Outline.Mounted> caches = new LinkedHashMap<>();

    OutlineReader(PlanRequest request) {
        this.request = request;
        this.stages = new StageGraph(request.dockerfile());
        this.scope = new BuildScope(request, request.platforms().getFirst(), "default");
        for (Arg arg : request.dockerfile().globalArgs()) {
            arg.definitions()
                    .forEach(definition -> globals.put(definition.name().text(), definition));
        }
    }

    Outline read() {
        int target = GraphBuilder.target(request, stages);
        // A later stage can only be built from earlier ones.
        List<Integer> needed = needed(target);
        needed.stream().sorted().forEach(this::define);
        needed.forEach(this::read);
        Stage stage = stages.stage(target);
        return new Outline(
                stages.name(target),
                stage.description(),
                stage.from().span(),
                arguments.values().stream()
                        .sorted(Comparator.comparingInt(
                                argument -> argument.span().start()))
                        .toList(),
                inOrder(secrets),
                inOrder(ssh),
                inOrder(caches));
    }

    private static List<Outline.Mounted> inOrder(Map<String, Outline.Mounted> mounts) {
        return mounts.values().stream()
                .sorted(Comparator.comparingInt(mount -> mount.span().start()))
                .toList();
    }

    /// The stages that the target needs, itself first.
    private List<Integer> needed(int target) {
        List<Integer> needed = new ArrayList<>(List.of(target));
        Set<Integer> seen = new HashSet<>(needed);
        for (int i = 0; i < needed.size(); i++) {
            int index = needed.get(i);
            Stage stage = stages.stage(index);
            List<OptionalInt> sources = new ArrayList<>(List.of(base(index)));
            StageGraph.references(stage).forEach(word -> sources.add(stages.from(word.text())));
            for (OptionalInt source : sources) {
                if (source.isPresent() && source.getAsInt() < index && seen.add(source.getAsInt())) {
                    needed.add(source.getAsInt());
                }
            }
        }
        return needed;
    }

    private OptionalInt base(int index) {
        return stages.base(global(stages.stage(index).from().image()), index);
    }

    private String global(Word word) {
        try {
            return scope.expand(word);
        } catch (WordException e) {
            return word.text();
        }
    }

    /// Finds the values of a stage's variables.
    private void define(int index) {
        OptionalInt base = base(index);
        Map<String, String> known = new HashMap<>();
        if (base.isPresent()) {
            known.putAll(variables.getOrDefault(base.getAsInt(), Map.of()));
        }
        for (Instruction instruction : stages.stage(index).instructions()) {
            if (instruction instanceof Env env) {
                Map<String, String> values = new HashMap<>();
                for (KeyValue pair : env.variables()) {
                    values.put(expand(pair.key(), known::get), expand(pair.value(), known::get));
                }
                known.putAll(values);
            } else if (instruction instanceof Arg arg) {
                arg.definitions().forEach(definition -> {
                    String value = value(definition, known::get);
                    if (value != null) {
                        known.put(definition.name().text(), value);
                    }
                });
            }
        }
        variables.put(index, known);
    }

    private @Nullable String value(ArgDefinition definition, Function<String, @Nullable String> lookup) {
        Word fallback = definition.value();
        return scope.argument(definition.name().text(), fallback == null ? null : expand(fallback, lookup));
    }

    /// The word as it is where it makes no sense: whoever builds will hear of that.
    private String expand(Word word, Function<String, @Nullable String> lookup) {
        try {
            return new WordExpander(request.dockerfile().directives().escape(), lookup).expand(word);
        } catch (WordException e) {
            return word.text();
        }
    }

    private void read(int index) {
        Map<String, String> known = variables.getOrDefault(index, Map.of());
        Stage stage = stages.stage(index);
        useGlobals(stage.from().image());
        Word platform = stage.from().platform();
        if (platform != null) {
            useGlobals(platform);
        }
        for (Instruction instruction : stage.instructions()) {
            if (instruction instanceof Arg arg) {
                arg.definitions().forEach(definition -> argument(definition, known));
            } else if (instruction instanceof Run run) {
                run.mounts().forEach(mount -> mount(mount, known));
            }
        }
    }

    private void argument(ArgDefinition definition, Map<String, String> known) {
        String name = definition.name().text();
        if (definition.value() == null && (globals.containsKey(name) || scope.isAutomatic(name))) {
            // It only brings the global one into the stage.
            useGlobal(name);
        } else if (!arguments.containsKey(name)) {
            arguments.put(
                    name,
                    new Outline.Argument(
                            name, definition.description(), value(definition, known::get), span(definition)));
        }
    }

    private static Span span(ArgDefinition definition) {
        Word value = definition.value();
        Span name = definition.name().span();
        return value == null ? name : name.to(value.span());
    }

    private void useGlobals(Word word) {
        for (String name : names(word)) {
            useGlobal(name);
        }
    }

    private void useGlobal(String name) {
        ArgDefinition definition = globals.get(name);
        if (definition == null || arguments.containsKey(name)) {
            return;
        }
        arguments.put(
                name,
                new Outline.Argument(name, definition.description(), scope.argument(name, null), span(definition)));
        Word fallback = definition.value();
        if (fallback != null) {
            useGlobals(fallback);
        }
    }

    private Set<String> names(Word word) {
        Set<String> names = new HashSet<>();
        String _ = expand(word, name -> {
            names.add(name);
            return null;
        });
        return names;
    }

    private void mount(MountFlag flag, Map<String, String> known) {
        Map<String, String> options = new HashMap<>();
        for (MountOption option : flag.options()) {
            Word value = option.value();
            options.put(
                    MountTranslator.canonical(option.key().text().toLowerCase(Locale.ROOT)),
                    value == null ? "true" : expand(value, known::get));
        }
        String id = options.get("id");
        String target = options.getOrDefault("target", "");
        boolean required = "true".equals(options.get("required"));
        switch (options.getOrDefault("type", "bind")) {
            case "secret" ->
                add(secrets, id == null ? lastName(options.getOrDefault("source", target)) : id, required, flag);
            case "ssh" -> add(ssh, id == null ? "default" : id, required, flag);
            case "cache" -> add(caches, id == null ? target : id, false, flag);
            default -> {
                // A mount of files asks whoever builds for nothing.
            }
        }
    }

    private static void add(Map<String, Outline.Mounted> mounts, String id, boolean required, MountFlag flag) {
        mounts.merge(
                id,
                new Outline.Mounted(id, required, flag.span()),
                (one, other) -> new Outline.Mounted(id, one.required() || other.required(), one.span()));
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
