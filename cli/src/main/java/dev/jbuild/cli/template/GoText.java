package dev.jbuild.cli.template;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values as Go prints them.
final class GoText {
    private GoText() {}

    static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String text -> text;
            case Double number -> number(number);
            case List<?> list -> list.stream().map(GoText::of).collect(Collectors.joining(" ", "[", "]"));
            case Map<?, ?> map ->
                sorted(map).entrySet().stream()
                        .map(entry -> entry.getKey() + ":" + of(entry.getValue()))
                        .collect(Collectors.joining(" ", "map[", "]"));
            case Struct struct ->
                struct.names().stream().map(name -> of(struct.value(name))).collect(Collectors.joining(" ", "{", "}"));
            default -> value.toString();
        };
    }

    private static Map<String, @Nullable Object> sorted(Map<?, ?> map) {
        Map<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return sorted;
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    /// What Go takes for true in an `if`: neither empty, nor zero, nor nil.
    static boolean truth(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean truth -> truth;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /// What a value is, for messages.
    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "nothing";
            case String text -> "a string";
            case Boolean truth -> "a boolean";
            case Number number -> "a number";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a map";
            default -> "an object with fields";
        };
    }

    /// A string in double quotes.
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        quoted.append(String.format("\\x%02x", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /// What Go's printf makes of a format and its arguments.
    static String printf(String format, List<@Nullable Object> arguments) {
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            Verb verb = Verb.read(format, i + 1);
            i = verb.at();
            if (verb.verb() == '%') {
                out.append('%');
            } else if (verb.verb() == 0) {
                out.append("%!(NOVERB)");
            } else if (used >= arguments.size()) {
                out.append("%!").append(verb.verb()).append("(MISSING)");
            } else {
                out.append(verb.format(arguments.get(used++)));
            }
        }
        if (used < arguments.size()) {
            out.append("%!(EXTRA ");
            out.append(arguments.subList(used, arguments.size()).stream()
                    .map(extra -> goType(extra) + "=" + of(extra))
                    .collect(Collectors.joining(", ")));
            out.append(')');
        }
        return out.toString();
    }

    static String goType(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String text -> "string";
            case Boolean truth -> "bool";
            case Double number -> "float64";
            case Number number -> "int";
            default -> Objects.requireNonNull(value) instanceof List<?> ? "[]string" : "map[string]string";
        };
    }
}
