package dev.jbuild.parser;

import dev.jbuild.parser.ast.MountFlag;
import dev.jbuild.parser.ast.MountOption;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.parser.word.WordException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the options of a mount must be like. The parser checks the values that need no expansion; whoever expands
/// them checks the mount once more, with all values known.
public final class MountRules {
    private static final List<String> TYPES = List.of("bind", "cache", "tmpfs", "secret", "ssh");
    private static final List<String> SHARING = List.of("shared", "private", "locked");
    private static final List<String> KEYS = List.of(
            "type",
            "from",
            "source",
            "src",
            "target",
            "dst",
            "destination",
            "readonly",
            "ro",
            "readwrite",
            "rw",
            "id",
            "sharing",
            "required",
            "size",
            "mode",
            "uid",
            "gid",
            "env");
    private static final Set<String> BARE_KEYS = Set.of("readonly", "ro", "readwrite", "rw", "required");
    private static final Set<String> SIZE_SUFFIXES = Set.of("", "b", "i", "ib");
    private static final Set<String> BOOLEANS =
            Set.of("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False");

    private final Function<Word, @Nullable String> values;
    /// The mount's options so far by the first of their names; null for a value not yet known.
    private final Map<String, @Nullable String> seen = new HashMap<>();

    private final Map<String, Span> spans = new HashMap<>();
    private @Nullable String type = "bind";

    private MountRules(Function<Word, @Nullable String> values) {
        this.values = values;
    }

    /// Checks every option, and that they fit together.
    ///
    /// @param values a value as expanded, or null if it is not known yet
    /// @throws WordException for the first option that is wrong
    public static void check(MountFlag flag, Function<Word, @Nullable String> values) {
        MountRules rules = new MountRules(values);
        for (MountOption option : flag.options()) {
            rules.option(option);
        }
        rules.together(flag.span());
    }

    private void option(MountOption option) {
        String key = option.key().text().toLowerCase(Locale.ROOT);
        Word word = option.value();
        if (word == null) {
            bare(option.key(), key);
            return;
        }
        if (!KEYS.contains(key)) {
            throw unknownKey(option.key(), key);
        }
        if (key.equals("from")) {
            int dollar = word.text().indexOf('$');
            if (dollar >= 0 && dollar + 1 < word.text().length()) {
                throw new WordException(
                        "variable expansion is not supported for a mount's from",
                        word.span(),
                        "define a new stage with FROM using ARG from global scope, and name that stage here");
            }
        }
        String value = values.apply(word);
        String name = canonical(key);
        seen.put(name, value);
        spans.put(name, option.key().span().to(word.span()));
        if (name.equals("type")) {
            type = value == null ? null : type(value, word.span());
        }
        belongsToType(name, key, option.key().span());
        if (value != null) {
            value(name, key, value, word.span());
        }
    }

    private static String canonical(String key) {
        return switch (key) {
            case "src" -> "source";
            case "dst", "destination" -> "target";
            case "ro" -> "readonly";
            case "rw" -> "readwrite";
            default -> key;
        };
    }

    private void bare(Word key, String lower) {
        if (BARE_KEYS.contains(lower)) {
            seen.put(canonical(lower), "true");
            spans.put(canonical(lower), key.span());
            belongsToType(canonical(lower), lower, key.span());
            return;
        }
        if (lower.isEmpty()) {
            throw new WordException(
                    "an option of --mount is empty", key.span(), "write no blank and no second comma after a comma");
        }
        if (KEYS.contains(lower)) {
            throw new WordException(
                    "invalid field " + Quoted.of(key.text()) + " must be a key=value pair",
                    key.span(),
                    "write " + lower + "=…");
        }
        if (TYPES.contains(lower)) {
            throw new WordException(
                    "invalid field " + Quoted.of(key.text()) + " must be a key=value pair",
                    key.span(),
                    "did you mean `type=" + lower + "`?");
        }
        String nearest = Suggestion.didYouMean(lower, KEYS);
        throw new WordException(
                "invalid field " + Quoted.of(key.text()) + " must be a key=value pair", key.span(), nearest);
    }

    private static WordException unknownKey(Word key, String lower) {
        String hint = KEYS.contains(lower.strip())
                ? "write no blanks around a mount's options"
                : Suggestion.didYouMean(lower, KEYS);
        return new WordException(
                "unexpected key " + Quoted.of(key.text()) + " in --mount",
                key.span(),
                hint == null ? "the keys are " + String.join(", ", KEYS) : hint);
    }

    private static String type(String value, Span span) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!TYPES.contains(lower)) {
            String hint = Suggestion.didYouMean(lower, TYPES);
            throw new WordException(
                    "unsupported mount type " + Quoted.of(value),
                    span,
                    hint == null ? "the types are " + String.join(", ", TYPES) : hint);
        }
        return lower;
    }

    /// Some keys have a meaning for certain types only, and the type must come first.
    private void belongsToType(String name, String key, Span span) {
        String now = type;
        if (now == null) {
            return;
        }
        boolean fits = switch (name) {
            case "required" -> now.equals("secret") || now.equals("ssh");
            case "size" -> now.equals("tmpfs");
            case "env" -> now.equals("secret");
            default -> true;
        };
        if (!fits) {
            throw new WordException(
                    "unexpected key " + Quoted.of(key) + " for mount type `" + now + "`",
                    span,
                    seen.containsKey("type")
                            ? switch (name) {
                                case "size" -> "only mounts of type tmpfs have a size";
                                case "env" -> "only mounts of type secret can be variables";
                                default -> "only mounts of type secret and ssh can be missing";
                            }
                            : "put type=… first");
        }
    }

    private static void value(String name, String key, String value, Span span) {
        switch (name) {
            case "readonly", "readwrite", "required" -> {
                if (!BOOLEANS.contains(value)) {
                    throw new WordException(
                            "invalid value for " + key + ": " + Quoted.of(value), span, "write true or false");
                }
            }
            case "size" -> {
                if (!isSize(value)) {
                    throw new WordException(
                            "invalid value for size: " + Quoted.of(value), span, "write a number and a unit, like 64m");
                }
            }
            case "mode" -> number(name, value, span, 8, "write an octal number like 0755");
            case "uid", "gid" -> number(name, value, span, 10, "write a number; names are not looked up here");
            case "sharing" -> {
                if (!SHARING.contains(value.toLowerCase(Locale.ROOT))) {
                    String hint = Suggestion.didYouMean(value, SHARING);
                    throw new WordException(
                            "unsupported sharing value " + Quoted.of(value),
                            span,
                            hint == null ? "it can be " + String.join(", ", SHARING) : hint);
                }
            }
            default -> {}
        }
    }

    private static void number(String name, String value, Span span, int radix, String hint) {
        int end = digits(value, 0, radix);
        if (end > 0 && end == value.length()) {
            try {
                Integer.parseUnsignedInt(value, radix);
                return;
            } catch (NumberFormatException e) {
                throw new WordException("invalid value " + Quoted.of(value) + " for " + name, span, "it is too large");
            }
        }
        throw new WordException("invalid value " + Quoted.of(value) + " for " + name, span, hint);
    }

    /// Where the digits that begin at an offset end.
    private static int digits(String text, int start, int radix) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) < '0' + radix) {
            end++;
        }
        return end;
    }

    /// A number, perhaps with a fraction, and a unit: `64m`, `1.5 GiB`.
    private static boolean isSize(String text) {
        int end = digits(text, 0, 10);
        if (end == 0) {
            return false;
        }
        if (text.startsWith(".", end)) {
            int fraction = digits(text, end + 1, 10);
            if (fraction == end + 1) {
                return false;
            }
            end = fraction;
        }
        String unit = text.substring(text.startsWith(" ", end) ? end + 1 : end).toLowerCase(Locale.ROOT);
        return switch (unit) {
            case "", "b", "i", "ib" -> true;
            default -> "kmgtp".indexOf(unit.charAt(0)) >= 0 && SIZE_SUFFIXES.contains(unit.substring(1));
        };
    }

    private void together(Span all) {
        String now = type;
        if (now == null) {
            return;
        }
        if (now.equals("bind") || now.equals("tmpfs")) {
            forbid("mode", now);
            forbid("uid", now);
            forbid("gid", now);
        }
        if (now.equals("secret")) {
            forbid("from", now);
            if (isEmpty("source") && isEmpty("target") && isEmpty("id")) {
                throw new WordException(
                        "invalid secret mount. one of source, target required", all, "name the secret with id=…");
            }
            if (isSet("source") && isSet("id")) {
                throw new WordException(
                        "both source and id can't be set", spans.getOrDefault("source", all), "keep id");
            }
        }
        if (!now.equals("cache")) {
            forbid("sharing", now);
        }
        if (now.equals("ssh")) {
            forbid("source", now);
        }
        if ((now.equals("bind") || now.equals("cache") || now.equals("tmpfs")) && "/".equals(seen.get("target"))) {
            throw new WordException(
                    "invalid mount target \"/\"", spans.getOrDefault("target", all), "mount below the root");
        }
    }

    /// An option given as empty counts as not given.
    private void forbid(String name, String type) {
        if (isSet(name)) {
            throw new WordException(
                    name + " not allowed for `" + type + "` type mounts",
                    spans.getOrDefault(name, new Span(0, 0)),
                    switch (name) {
                        case "sharing" -> "only mounts of type cache are shared";
                        case "from" -> "only mounts of type bind and cache have files to take from";
                        case "source" -> "name the agent with id=…";
                        default -> "only mounts of type cache, secret and ssh have one";
                    });
        }
    }

    private boolean isSet(String name) {
        String value = seen.get(name);
        return value != null && !value.isEmpty();
    }

    /// Surely empty: not given, or given as nothing.
    private boolean isEmpty(String name) {
        return !seen.containsKey(name) || "".equals(seen.get(name));
    }
}
