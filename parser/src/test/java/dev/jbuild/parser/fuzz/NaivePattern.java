package dev.jbuild.parser.fuzz;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The patterns of `${x#…}`, `${x%…}` and `${x/…/…}`, slowly: every stretch of the value is tried.
final class NaivePattern {
    private static final int LONGEST = 40;
    private static final int MOST_STARS = 5;

    private NaivePattern() {}

    /// Compares all six forms.
    static void compare(WordFuzz.Words words, String value, String pattern, String replacement) {
        if (value.length() > LONGEST
                || pattern.length() > LONGEST
                || pattern.chars().anyMatch(c -> "$\\`'\"<#%/}".indexOf(c) >= 0 || Character.isSurrogate((char) c))
                || pattern.chars().filter(c -> c == '*').count() > MOST_STARS
                || value.chars().anyMatch(c -> Character.isSurrogate((char) c))
                || replacement.chars().anyMatch(c -> "$\\`'\"<}/".indexOf(c) >= 0)) {
            return;
        }
        Pattern regex = regex(pattern);
        same(words, "${v#" + pattern + "}", value, prefix(regex, value, false));
        same(words, "${v##" + pattern + "}", value, prefix(regex, value, true));
        same(words, "${v%" + pattern + "}", value, suffix(regex, value, false));
        same(words, "${v%%" + pattern + "}", value, suffix(regex, value, true));
        if (pattern.isEmpty()) {
            return;
        }
        same(words, "${v/" + pattern + "/" + replacement + "}", value, replace(regex, value, replacement, false));
        same(words, "${v//" + pattern + "/" + replacement + "}", value, replace(regex, value, replacement, true));
    }

    private static void same(WordFuzz.Words words, String word, String value, String expected) {
        @Nullable String actual = words.expand(word);
        Trees.require(
                expected.equals(actual),
                "`" + word + "` of `" + value + "` is `" + actual + "` and should be `" + expected + "`");
    }

    private static Pattern regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> "[^\n]*";
                        case '?' -> "[^\n]";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString());
    }

    private static String prefix(Pattern regex, String value, boolean longest) {
        for (int i = 0; i <= value.length(); i++) {
            int end = longest ? value.length() - i : i;
            if (regex.matcher(value.substring(0, end)).matches()) {
                return value.substring(end);
            }
        }
        return value;
    }

    private static String suffix(Pattern regex, String value, boolean longest) {
        for (int i = 0; i <= value.length(); i++) {
            int start = longest ? i : value.length() - i;
            if (regex.matcher(value.substring(start)).matches()) {
                return value.substring(0, start);
            }
        }
        return value;
    }

    private static String replace(Pattern regex, String value, String replacement, boolean all) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        int lastEnd = -1;
        boolean more = true;
        while (at <= value.length()) {
            int end = more ? longestMatch(regex, value, at) : -1;
            if (end > at || (end == at && at != lastEnd)) {
                result.append(replacement);
                lastEnd = end;
                more = all;
            }
            if (end > at) {
                at = end;
            } else {
                result.append(value, at, Math.min(at + 1, value.length()));
                at++;
            }
        }
        return result.toString();
    }

    private static int longestMatch(Pattern regex, String value, int start) {
        for (int end = value.length(); end >= start; end--) {
            if (regex.matcher(value.substring(start, end)).matches()) {
                return end;
            }
        }
        return -1;
    }
}
