package dev.jbuild.cli.template;

import dev.jbuild.cli.report.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What templates can call: Go's functions, and those that Docker's commands add.
final class Functions {
    static final Set<String> NAMES = new TreeSet<>(Arrays.asList(
            "and",
            "or",
            "not",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "len",
            "index",
            "slice",
            "print",
            "printf",
            "println",
            "json",
            "split",
            "join",
            "title",
            "lower",
            "upper",
            "pad",
            "truncate"));

    /// Those that do not touch the headings of a table.
    static final Set<String> OF_DOCKER = Set.of("json", "split", "join", "title", "lower", "upper", "pad", "truncate");

    private static final int WIDEST_PAD = 10_000;

    private Functions() {}

    /// @throws IllegalArgumentException if the arguments are not what the function takes
    static @Nullable Object call(String name, List<@Nullable Object> arguments) {
        return switch (name) {
            case "and" -> firstThat(false, arguments);
            case "or" -> firstThat(true, arguments);
            case "not" -> !GoText.truth(only(arguments));
            case "eq" -> equal(arguments);
            case "ne" -> !Objects.equals(normal(first(2, arguments)), normal(arguments.get(1)));
            case "lt" -> compare(arguments) < 0;
            case "le" -> compare(arguments) <= 0;
            case "gt" -> compare(arguments) > 0;
            case "ge" -> compare(arguments) >= 0;
            case "len" -> length(only(arguments));
            case "index" -> index(arguments);
            case "slice" -> slice(arguments);
            case "print" -> print(arguments);
            case "println" -> arguments.stream().map(GoText::of).collect(Collectors.joining(" ")) + "\n";
            case "printf" -> {
                String format = text(atLeast(1, arguments).getFirst());
                yield GoText.printf(format, arguments.subList(1, arguments.size()));
            }
            case "json" -> json(only(arguments));
            case "split" -> Arrays.asList(text(first(2, arguments)).split(Pattern.quote(text(arguments.get(1))), -1));
            case "join" -> join(arguments);
            case "title" -> title(text(only(arguments)));
            case "lower" -> text(only(arguments)).toLowerCase(Locale.ROOT);
            case "upper" -> text(only(arguments)).toUpperCase(Locale.ROOT);
            case "pad" -> pad(arguments);
            case "truncate" -> truncate(arguments);
            default -> throw new IllegalArgumentException("there is no such function");
        };
    }

    private static List<@Nullable Object> atLeast(int count, List<@Nullable Object> arguments) {
        if (arguments.size() < count) {
            throw new IllegalArgumentException("takes at least " + count + " arguments and got " + arguments.size());
        }
        return arguments;
    }

    /// The first of so many.
    private static @Nullable Object first(int count, List<@Nullable Object> arguments) {
        if (arguments.size() != count) {
            throw new IllegalArgumentException(
                    "takes " + count + (count == 1 ? " argument" : " arguments") + " and got " + arguments.size());
        }
        return arguments.getFirst();
    }

    private static @Nullable Object only(List<@Nullable Object> arguments) {
        return first(1, arguments);
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value == null) {
            return "";
        }
        throw new IllegalArgumentException("expected a string and got " + GoText.kind(value));
    }

    private static int number(@Nullable Object value) {
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw new IllegalArgumentException("expected a number that is not negative and got "
                + (value instanceof Number ? GoText.of(value) : GoText.kind(value)));
    }

    private static @Nullable Object firstThat(boolean truth, List<@Nullable Object> arguments) {
        for (Object argument : atLeast(1, arguments)) {
            if (GoText.truth(argument) == truth) {
                return argument;
            }
        }
        return arguments.getLast();
    }

    private static @Nullable Object normal(@Nullable Object value) {
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }

    private static boolean equal(List<@Nullable Object> arguments) {
        Object first = normal(atLeast(2, arguments).getFirst());
        return arguments.subList(1, arguments.size()).stream().anyMatch(other -> Objects.equals(first, normal(other)));
    }

    private static int compare(List<@Nullable Object> arguments) {
        Object one = first(2, arguments);
        Object other = arguments.get(1);
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        if (one instanceof String a && other instanceof String b) {
            return a.compareTo(b);
        }
        throw new IllegalArgumentException("cannot compare " + GoText.kind(one) + " with " + GoText.kind(other));
    }

    private static long length(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case String text -> text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            default -> throw new IllegalArgumentException(GoText.kind(value) + " has no length");
        };
    }

    private static @Nullable Object index(List<@Nullable Object> arguments) {
        Object value = atLeast(1, arguments).getFirst();
        for (Object key : arguments.subList(1, arguments.size())) {
            value = switch (value) {
                case null -> null;
                case List<?> list -> {
                    int at = number(key);
                    if (at >= list.size()) {
                        throw new IllegalArgumentException(
                                "there is no element " + at + " in a list of " + list.size());
                    }
                    yield list.get(at);
                }
                // A map without the key gives Go's empty value.
                case Map<?, ?> map -> map.containsKey(key) ? map.get(key) : "";
                default -> throw new IllegalArgumentException("cannot index " + GoText.kind(value));
            };
        }
        return value;
    }

    private static Object slice(List<@Nullable Object> arguments) {
        Object value = atLeast(1, arguments).getFirst();
        int size = (int) length(value);
        int from = arguments.size() > 1 ? number(arguments.get(1)) : 0;
        int to = arguments.size() > 2 ? number(arguments.get(2)) : size;
        if (from > to || to > size) {
            throw new IllegalArgumentException("there is no slice from " + from + " to " + to + " of " + size);
        }
        if (value instanceof List<?> list) {
            return list.subList(from, to);
        }
        byte[] bytes = text(value).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
    }

    /// As in Go, blanks come between two that are both no strings.
    private static String print(List<@Nullable Object> arguments) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            Object argument = arguments.get(i);
            if (i > 0 && !(argument instanceof String) && !(arguments.get(i - 1) instanceof String)) {
                text.append(' ');
            }
            text.append(GoText.of(argument));
        }
        return text.toString();
    }

    private static String json(@Nullable Object value) {
        String line = Json.line(out -> Values.write(value, out));
        return line.substring(0, line.length() - 1);
    }

    private static String join(List<@Nullable Object> arguments) {
        Object list = first(2, arguments);
        if (list == null) {
            return "";
        }
        if (!(list instanceof List<?> words)) {
            throw new IllegalArgumentException("expected a list and got " + GoText.kind(list));
        }
        List<String> texts = new ArrayList<>();
        words.forEach(word -> texts.add(GoText.of(word)));
        return String.join(text(arguments.get(1)), texts);
    }

    private static String title(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String pad(List<@Nullable Object> arguments) {
        String text = text(first(3, arguments));
        if (text.isEmpty()) {
            return text;
        }
        int before = Math.min(WIDEST_PAD, number(arguments.get(1)));
        int after = Math.min(WIDEST_PAD, number(arguments.get(2)));
        return " ".repeat(before) + text + " ".repeat(after);
    }

    private static String truncate(List<@Nullable Object> arguments) {
        String text = text(first(2, arguments));
        int length = number(arguments.get(1));
        return text.codePointCount(0, text.length()) <= length
                ? text
                : text.substring(0, text.offsetByCodePoints(0, length));
    }
}
