package dev.jbuild.parser.fuzz;

import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The meaning of a `.dockerignore`, slowly: each pattern a regular expression, and all of them tried in turn on the
/// path and each directory above it.
public final class NaiveIgnore {
    /// More in one pattern, and the regular expression would try for years.
    private static final int MOST_STARS = 6;

    private final List<Rule> rules = new ArrayList<>();

    private record Rule(Pattern pattern, boolean includes) {}

    private NaiveIgnore() {}

    /// The patterns, or null if this is too simple to know what they mean.
    public static @Nullable NaiveIgnore parse(String text) {
        NaiveIgnore naive = new NaiveIgnore();
        for (String line : (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\n", -1)) {
            String stripped = Whitespace.strip(line);
            if (line.startsWith("#") || stripped.isEmpty()) {
                continue;
            }
            boolean includes = stripped.startsWith("!");
            String pattern = Whitespace.strip(includes ? stripped.substring(1) : stripped);
            if (!isSimple(pattern)) {
                return null;
            }
            naive.rules.add(new Rule(Pattern.compile(regex(pattern), Pattern.DOTALL), includes));
        }
        return naive;
    }

    /// Whether nothing about the pattern would be changed before it is used.
    private static boolean isSimple(String pattern) {
        return pattern.chars().filter(c -> c == '*').count() <= MOST_STARS
                && pattern.chars().noneMatch(c -> Character.isSurrogate((char) c))
                && Stream.of(pattern.split("/", -1))
                        .noneMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."));
    }

    /// As [dev.jbuild.parser.ignore.IgnoreFile#excludes].
    public boolean excludes(String path) {
        boolean excluded = false;
        for (Rule rule : rules) {
            if (matchesPathOrParent(rule.pattern, path)) {
                excluded = !rule.includes;
            }
        }
        return excluded;
    }

    private static boolean matchesPathOrParent(Pattern pattern, String path) {
        for (String at = path; ; at = at.substring(0, at.lastIndexOf('/'))) {
            if (pattern.matcher(at).matches()) {
                return true;
            }
            if (at.indexOf('/') < 0) {
                return false;
            }
        }
    }

    private static String regex(String pattern) {
        if (pattern.startsWith("**")
                && !Pattern.compile("[*?\\[\\\\]").matcher(pattern.substring(2)).find()) {
            String rest = pattern.substring(2);
            return rest.startsWith("/") ? "(?:.*/)?" + Pattern.quote(rest.substring(1)) : ".*" + Pattern.quote(rest);
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> {
                    if (!pattern.startsWith("**", i)) {
                        regex.append("[^/]*");
                        continue;
                    }
                    i += pattern.startsWith("**/", i) ? 2 : 1;
                    regex.append(i == pattern.length() - 1 ? ".*" : "(?:.*/)?");
                }
                case '?' -> regex.append("[^/]");
                case '\\' -> regex.append(Pattern.quote(pattern.substring(++i, i + 1)));
                case '[' -> i = characterClass(pattern, i, regex);
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    /// Copies a character class, every character of it as a number.
    private static int characterClass(String pattern, int open, StringBuilder regex) {
        int i = open + 1;
        boolean negated = pattern.charAt(i) == '^';
        regex.append(negated ? "[^" : "[");
        i += negated ? 1 : 0;
        StringBuilder ranges = new StringBuilder();
        while (pattern.charAt(i) != ']') {
            i += pattern.charAt(i) == '\\' ? 1 : 0;
            char low = pattern.charAt(i++);
            char high = low;
            if (pattern.charAt(i) == '-') {
                i++;
                i += pattern.charAt(i) == '\\' ? 1 : 0;
                high = pattern.charAt(i++);
            }
            if (low <= high) {
                ranges.append(String.format("\\x{%x}-\\x{%x}", (int) low, (int) high));
            }
        }
        // A class of nothing but backward ranges is empty, which regular expressions cannot say.
        String members = ranges.isEmpty() ? "\\x{10ffff}" : ranges.toString();
        regex.append(members).append(']');
        return i;
    }
}
