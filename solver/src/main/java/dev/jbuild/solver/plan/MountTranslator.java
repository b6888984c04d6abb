package dev.jbuild.solver.plan;

import dev.jbuild.parser.MountRules;
import dev.jbuild.parser.ast.MountFlag;
import dev.jbuild.parser.ast.MountOption;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Span;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `--mount` of one RUN instruction. The parser has checked the keys; here the values are expanded and understood.
final class MountTranslator {
    private final StageVertices vertices;
    private final StageState state;
    private final Run run;
    private final List<Vertex> inputs;
    private final String cacheNamespace;
    private int agents;

    /// @param inputs of the vertex under way; those of mounts are added
    /// @param cacheNamespace keeps cache mounts apart from those of other builds; empty for none
    MountTranslator(StageVertices vertices, StageState state, Run run, List<Vertex> inputs, String cacheNamespace) {
        this.vertices = vertices;
        this.state = state;
        this.run = run;
        this.inputs = inputs;
        this.cacheNamespace = cacheNamespace;
    }

    /// The options of one mount by their canonical key.
    private record Options(MountFlag flag, Map<String, String> values, Map<String, Word> words) {
        @Nullable
        String get(String key) {
            return values.get(key);
        }

        Span span(String key) {
            Word word = words.get(key);
            return word == null ? flag.span() : word.span();
        }
    }

    ExecMount translate(MountFlag flag) {
        // Options with variables in them could not be checked when the file was read.
        MountRules.check(flag, state::expand);
        Options options = options(flag);
        String type = options.values().getOrDefault("type", "bind").toLowerCase(Locale.ROOT);
        return switch (type) {
            case "bind" -> bind(options);
            case "cache" -> cache(options);
            case "tmpfs" -> new ExecMount.Tmpfs(target(options), size(options));
            case "secret" -> secret(options);
            case "ssh" -> ssh(options);
            default ->
                throw error(
                        options,
                        "type",
                        "unsupported mount type \"" + type + '"',
                        "one of bind, cache, tmpfs, secret, ssh");
        };
    }

    private Options options(MountFlag flag) {
        Map<String, String> values = new HashMap<>();
        Map<String, Word> words = new HashMap<>();
        for (MountOption option : flag.options()) {
            String key = canonical(option.key().text().toLowerCase(Locale.ROOT));
            Word value = option.value();
            words.put(key, value == null ? option.key() : value);
            // The source of files is fixed before any variable is: a stage is found by its name as written.
            values.put(key, value == null ? "true" : key.equals("from") ? value.text() : state.expand(value));
        }
        return new Options(flag, values, words);
    }

    static String canonical(String key) {
        return switch (key) {
            case "src" -> "source";
            case "dst", "destination" -> "target";
            case "ro" -> "readonly";
            case "rw" -> "readwrite";
            default -> key;
        };
    }

    private ExecMount bind(Options options) {
        boolean readOnly =
                options.get("readwrite") != null ? !flag(options, "readwrite", false) : flag(options, "readonly", true);
        return new ExecMount.Bind(input(options, true), source(options), target(options), readOnly);
    }

    private ExecMount cache(Options options) {
        String target = target(options);
        String id = options.get("id");
        if (id == null || id.isEmpty()) {
            // The target as written: a relative one names the same cache whatever the working directory is.
            String written = options.values().getOrDefault("target", "");
            id = written.startsWith("/") ? target : Paths.absolute(written, "/").substring(1);
        }
        return new ExecMount.Cache(
                (cacheNamespace.isEmpty() ? "" : cacheNamespace + "/") + id,
                input(options, false),
                source(options),
                target,
                sharing(options),
                octal(options, "mode", 0755),
                number(options, "uid"),
                number(options, "gid"),
                flag(options, "readonly", false));
    }

    private ExecMount secret(Options options) {
        String target = options.values().getOrDefault("target", "");
        // The rules allow one of the two.
        String id = options.values().getOrDefault("source", "");
        id = id.isEmpty() ? options.values().getOrDefault("id", "") : id;
        id = id.isEmpty() ? lastName(target) : id;
        String env = options.get("env");
        if (env != null && (env.isEmpty() || env.indexOf('=') >= 0)) {
            throw error(options, "env", "invalid variable name \"" + env + '"', "name a variable, as in env=TOKEN");
        }
        if (target.isEmpty() && env == null) {
            target = "/run/secrets/" + lastName(id);
        }
        return new ExecMount.Secret(
                id,
                target.isEmpty() ? "" : below(options, target),
                env == null ? "" : env,
                flag(options, "required", false),
                octal(options, "mode", 0400),
                number(options, "uid"),
                number(options, "gid"));
    }

    private ExecMount ssh(Options options) {
        String id = options.values().getOrDefault("id", "");
        String target = options.values().getOrDefault("target", "");
        int number = agents++;
        return new ExecMount.Ssh(
                id.isEmpty() ? "default" : id,
                below(options, target.isEmpty() ? "/run/buildkit/ssh_agent." + number : target),
                flag(options, "required", false),
                octal(options, "mode", 0600),
                number(options, "uid"),
                number(options, "gid"));
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    // Unlike those of other mounts, these targets are not relative to the working directory.
    private String below(Options options, String target) {
        String path = Paths.absolute(target, "/");
        if (path.equals("/")) {
            throw error(options, "target", "invalid mount target \"" + target + '"', "mount below the root");
        }
        return path;
    }

    private int input(Options options, boolean contextByDefault) {
        String from = options.get("from");
        Word word = options.words().get("from");
        Vertex vertex;
        if (from == null || word == null) {
            if (!contextByDefault) {
                return Op.NONE;
            }
            vertex = vertices.context();
        } else {
            vertex = vertices.from(from, word, run, state);
        }
        if (vertex == null) {
            return Op.NONE;
        }
        // Always an input of its own, even where it is the root too: what is mounted is keyed by its content.
        inputs.add(vertex);
        return inputs.size() - 1;
    }

    private String source(Options options) {
        String source = options.get("source");
        return source == null ? "/" : Paths.absolute(source, "/");
    }

    private String target(Options options) {
        String target = options.get("target");
        if (target == null || target.isEmpty()) {
            throw error(options, "target", "invalid mount: no target", "add target=/path");
        }
        String path = Paths.absolute(target, state.workingDirectory());
        if (path.equals("/")) {
            throw error(options, "target", "invalid mount target \"/\"", "mount below the root");
        }
        return path;
    }

    private ExecMount.Sharing sharing(Options options) {
        String sharing = options.values().getOrDefault("sharing", "shared");
        return switch (sharing.toLowerCase(Locale.ROOT)) {
            case "shared" -> ExecMount.Sharing.SHARED;
            case "private" -> ExecMount.Sharing.PRIVATE;
            case "locked" -> ExecMount.Sharing.LOCKED;
            default ->
                throw error(
                        options,
                        "sharing",
                        "unsupported sharing value \"" + sharing + '"',
                        "one of shared, private, locked");
        };
    }

    private boolean flag(Options options, String key, boolean fallback) {
        String value = options.get(key);
        if (value == null) {
            return fallback;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "t" -> true;
            case "false", "0", "f" -> false;
            default -> throw error(options, key, "invalid value for " + key + ": " + value, "true or false");
        };
    }

    private int number(Options options, String key) {
        String value = options.get(key);
        try {
            return value == null ? 0 : Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw error(options, key, "invalid value for " + key + ": " + value, "a number");
        }
    }

    private int octal(Options options, String key, int fallback) {
        String value = options.get(key);
        try {
            int mode = value == null ? fallback : Integer.parseUnsignedInt(value, 8);
            if (mode <= 07777) {
                return mode;
            }
        } catch (NumberFormatException e) {
            throw error(options, key, "invalid value for " + key + ": " + value, "an octal number, such as 0755");
        }
        throw error(options, key, "invalid value for " + key + ": " + value, "at most 07777");
    }

    private long size(Options options) {
        String value = options.get("size");
        if (value == null) {
            return 0;
        }
        // The form has been checked: digits, perhaps with a fraction and a unit.
        String number = value.toLowerCase(Locale.ROOT).replaceFirst(" ?[kmgtp]?i?b?$", "");
        String unit = value.substring(number.length()).strip();
        int shift = unit.isEmpty() ? 0 : "kmgtp".indexOf(Character.toLowerCase(unit.charAt(0))) + 1;
        try {
            return new BigDecimal(number)
                    .multiply(BigDecimal.valueOf(1L << (10 * shift)))
                    .toBigInteger()
                    .longValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw error(options, "size", "invalid size: " + value, "bytes, or a number with k, m or g");
        }
    }

    private DockerfileException error(Options options, String key, String message, @Nullable String hint) {
        return PlanErrors.at(vertices.source(), options.span(key), message, hint);
    }
}
