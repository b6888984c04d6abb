package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.parser.word.WordExpander;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rules about the arguments that `FROM` lines use.
final class FromArgumentChecks {
    /// Arguments that have a value without being declared, with one that a build might give them.
    private static final Map<String, String> PREDEFINED = Map.ofEntries(
            Map.entry("BUILDPLATFORM", "linux/amd64"),
            Map.entry("BUILDOS", "linux"),
            Map.entry("BUILDOSVERSION", ""),
            Map.entry("BUILDARCH", "amd64"),
            Map.entry("BUILDVARIANT", ""),
            Map.entry("TARGETPLATFORM", "linux/amd64"),
            Map.entry("TARGETOS", "linux"),
            Map.entry("TARGETOSVERSION", ""),
            Map.entry("TARGETARCH", "amd64"),
            Map.entry("TARGETVARIANT", ""),
            Map.entry("TARGETSTAGE", "default"));

    private static final Pattern IMAGE = Pattern.compile(
            "[A-Za-z0-9][A-Za-z0-9_.-]*(:\\d+)?(/[A-Za-z0-9_.-]+)*(:\\w[\\w.-]*)?(@[A-Za-z0-9+._-]+:[0-9A-Fa-f]+)?");

    private FromArgumentChecks() {}

    static void check(Dockerfile file, Findings findings) {
        Map<String, @Nullable String> arguments = new HashMap<>();
        PREDEFINED.forEach(arguments::put);
        char escape = file.directives().escape();
        for (Arg arg : file.globalArgs()) {
            for (ArgDefinition definition : arg.definitions()) {
                Word value = definition.value();
                arguments.put(definition.name().text(), value == null ? null : expand(value, escape, arguments::get));
            }
        }
        for (Stage stage : file.stages()) {
            undeclared(stage.from(), escape, arguments, findings);
            defaults(stage.from(), escape, arguments, findings);
        }
    }

    private static @Nullable String expand(Word word, char escape, Function<String, @Nullable String> lookup) {
        try {
            return new WordExpander(escape, lookup).expand(word);
        } catch (WordException e) {
            // The build will say so with the values that it has.
            return null;
        }
    }

    private static void undeclared(From from, char escape, Map<String, @Nullable String> arguments, Findings findings) {
        List<String> declared = arguments.keySet().stream().sorted().toList();
        WordExpander expander = new WordExpander(escape, name -> arguments.containsKey(name) ? "declared" : null);
        for (Word word : words(from)) {
            Set<String> before = new TreeSet<>(expander.undefined());
            try {
                expander.expand(word);
            } catch (WordException e) {
                continue;
            }
            for (String name : expander.undefined()) {
                if (!before.contains(name)) {
                    String nearest = Suggestion.nearest(name, declared);
                    findings.add(
                            LintRule.UNDEFINED_ARG_IN_FROM,
                            from,
                            word.span(),
                            "FROM argument '" + name + "' is not declared",
                            nearest == null
                                    ? "declare it with ARG before the first FROM"
                                    : "did you mean " + nearest + "?");
                }
            }
        }
    }

    private static List<Word> words(From from) {
        Word platform = from.platform();
        return platform == null ? List.of(from.image()) : List.of(platform, from.image());
    }

    private static void defaults(From from, char escape, Map<String, @Nullable String> arguments, Findings findings) {
        if (from.image().text().indexOf('$') < 0) {
            return;
        }
        String image = expand(from.image(), escape, arguments::get);
        if (image != null && !IMAGE.matcher(image).matches()) {
            findings.add(
                    LintRule.INVALID_DEFAULT_ARG_IN_FROM,
                    from,
                    from.image().span(),
                    "the default value for ARG in " + from.image().text() + " results in an empty or invalid base"
                            + " image name \"" + image + "\"",
                    "give the argument a default, or write ${NAME:-default}");
        }
    }
}
