package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.word.WordExpander;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Values of build arguments for one target platform: what the user passed, the automatic platform arguments, and the
/// global ARGs before the first FROM.
final class BuildScope {
    /// Arguments that every RUN sees without an ARG, and that are no part of a cache key then.
    static final Set<String> PROXY_NAMES = Set.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY");

    private final Map<String, String> buildArgs;
    private final Map<String, String> globals = new LinkedHashMap<>();
    private final Set<String> automatic = new HashSet<>();
    private final char escape;

    BuildScope(PlanRequest request, Platform target, String targetStage) {
        this.buildArgs = request.buildArgs();
        this.escape = request.dockerfile().directives().escape();
        platform("BUILD", request.buildPlatform());
        platform("TARGET", target);
        automatic("TARGETSTAGE", targetStage);
        for (Arg arg : request.dockerfile().globalArgs()) {
            for (ArgDefinition definition : arg.definitions()) {
                String name = expand(definition.name());
                Word given = definition.value();
                // An ARG that repeats an automatic argument keeps the automatic value.
                String value = buildArgs.get(name);
                if (value == null) {
                    value = given == null ? globals.get(name) : expand(given);
                }
                if (value != null) {
                    globals.put(name, value);
                }
            }
        }
    }

    private void platform(String prefix, Platform platform) {
        automatic(prefix + "PLATFORM", platform.toString());
        automatic(prefix + "OS", platform.os());
        automatic(prefix + "ARCH", platform.architecture());
        String variant = platform.variant();
        automatic(prefix + "VARIANT", variant == null ? "" : variant);
        automatic(prefix + "OSVERSION", "");
    }

    private void automatic(String name, String value) {
        automatic.add(name);
        globals.put(name, buildArgs.getOrDefault(name, value));
    }

    /// Whether the argument has a value without anybody giving it one.
    boolean isAutomatic(String name) {
        return automatic.contains(name);
    }

    /// Expands a word of a FROM or a global ARG.
    String expand(Word word) {
        return new WordExpander(escape, globals::get).expand(word);
    }

    /// The value of `ARG name=fallback` in a stage, null if it has none.
    @Nullable
    String argument(String name, @Nullable String fallback) {
        String given = buildArgs.get(name);
        if (given != null) {
            return given;
        }
        return fallback != null ? fallback : globals.get(name);
    }

    /// The value of an argument as a FROM sees it, null if it has none.
    @Nullable
    String global(String name) {
        return globals.get(name);
    }

    /// The names of all arguments that a FROM sees.
    Set<String> names() {
        return Collections.unmodifiableSet(globals.keySet());
    }

    /// The proxy arguments that the user passed, sorted by name. Programs read the one or the other spelling, so each
    /// is there in both; where both were passed, each keeps its own value.
    Map<String, String> proxies() {
        Map<String, String> proxies = new TreeMap<>();
        buildArgs.forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (PROXY_NAMES.contains(upper) && !value.isEmpty()) {
                String lower = name.toLowerCase(Locale.ROOT);
                proxies.put(upper, buildArgs.getOrDefault(upper, value));
                proxies.put(lower, buildArgs.getOrDefault(lower, value));
            }
        });
        return proxies;
    }
}
