package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The value of `--call`: what to do with the Dockerfile.
///
/// @param json whether to answer in JSON
/// @param ignoreStatus whether to end with 0 whatever was found
record Call(Method method, boolean json, boolean ignoreStatus) {
    /// What can be asked of a Dockerfile.
    enum Method {
        BUILD,
        CHECK,
        OUTLINE,
        TARGETS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Call CHECK = new Call(Method.CHECK, false, false);

    private static final List<String> OPTIONS = List.of("format", "ignorestatus");

    /// Reads `METHOD[,format=text|json][,ignorestatus[=1]]`.
    ///
    /// @throws UsageException if it is none
    static Call parse(String text) {
        Method method = null;
        boolean json = false;
        boolean ignoreStatus = false;
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            String key =
                    (equals < 0 ? field : field.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "" : field.substring(equals + 1).strip();
            if (key.equals("format")) {
                json = format(text, value);
            } else if (key.equals("ignorestatus")) {
                ignoreStatus = equals < 0 || truth(text, value);
            } else if (equals >= 0) {
                throw bad(text, "unknown option \"" + key + '"', key, OPTIONS);
            } else if (method != null) {
                throw bad(text, "it names two methods", key, List.of());
            } else {
                method = method(text, key);
            }
        }
        return new Call(method == null ? Method.BUILD : method, json, ignoreStatus);
    }

    private static Method method(String text, String name) {
        // BuildKit's own name for the check.
        if (name.equals("lint")) {
            return Method.CHECK;
        }
        for (Method method : Method.values()) {
            if (method.word().equals(name)) {
                return method;
            }
        }
        List<String> words = Arrays.stream(Method.values()).map(Method::word).toList();
        throw bad(text, "unknown method \"" + name + "\", expected " + String.join(", ", words), name, words);
    }

    private static boolean format(String text, String value) {
        return switch (value) {
            case "json" -> true;
            case "text" -> false;
            default -> throw bad(text, "unknown format \"" + value + '"', value, List.of("json", "text"));
        };
    }

    private static boolean truth(String text, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "t", "true" -> true;
            case "0", "f", "false" -> false;
            default -> throw bad(text, "ignorestatus is true or false", value, List.of());
        };
    }

    private static UsageException bad(String text, String problem, String word, List<String> candidates) {
        String hint = Suggestion.didYouMean(word, candidates);
        return new UsageException("--call " + text + ": " + problem + (hint == null ? "" : "; " + hint));
    }
}
