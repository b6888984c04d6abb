package dev.jbuild.cli.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One verb of a printf format: `%-20s`.
///
/// @param precision negative if there is none
/// @param verb the letter; 0 at the format's end
/// @param at where the letter stands
record Verb(boolean left, boolean zero, boolean plus, int width, int precision, char verb, int at) {
    private static final int WIDEST = 1000;

    static Verb read(String format, int start) {
        int at = start;
        boolean left = false;
        boolean zero = false;
        boolean plus = false;
        for (; at < format.length() && "-0+ #".indexOf(format.charAt(at)) >= 0; at++) {
            left |= format.charAt(at) == '-';
            zero |= format.charAt(at) == '0';
            plus |= format.charAt(at) == '+';
        }
        int width = 0;
        for (; digit(format, at); at++) {
            width = Math.min(WIDEST, width * 10 + format.charAt(at) - '0');
        }
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            precision = 0;
            for (at++; digit(format, at); at++) {
                precision = Math.min(WIDEST, precision * 10 + format.charAt(at) - '0');
            }
        }
        char verb = at < format.length() ? format.charAt(at) : 0;
        return new Verb(left, zero && !left, plus, width, precision, verb, Math.min(at, format.length() - 1));
    }

    private static boolean digit(String format, int at) {
        return at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9';
    }

    String format(@Nullable Object value) {
        String text = text(value);
        if (text == null) {
            return "%!" + verb + "(" + GoText.goType(value) + "=" + GoText.of(value) + ")";
        }
        int missing = width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        if (left) {
            return text + " ".repeat(missing);
        }
        if (zero && value instanceof Number) {
            boolean signed = text.startsWith("-") || text.startsWith("+");
            return signed ? text.charAt(0) + "0".repeat(missing) + text.substring(1) : "0".repeat(missing) + text;
        }
        return " ".repeat(missing) + text;
    }

    /// Null if the verb is not for this kind of value.
    private static @Nullable String upper(@Nullable String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private @Nullable String text(@Nullable Object value) {
        return switch (verb) {
            case 'v' -> value instanceof Number ? signed(GoText.of(value)) : GoText.of(value);
            case 's' -> value instanceof Number || value instanceof Boolean ? null : cut(GoText.of(value));
            case 'q' -> value instanceof String string ? GoText.quoted(cut(string)) : null;
            case 't' -> value instanceof Boolean ? GoText.of(value) : null;
            case 'd' -> value instanceof Long || value instanceof Integer ? signed(GoText.of(value)) : null;
            case 'c' ->
                value instanceof Long code && Character.isValidCodePoint(code.intValue())
                        ? Character.toString(code.intValue())
                        : null;
            case 'x' -> hex(value);
            case 'X' -> upper(hex(value));
            case 'f' ->
                value instanceof Double number
                        ? signed(BigDecimal.valueOf(number)
                                .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                                .toPlainString())
                        : null;
            default -> null;
        };
    }

    private @Nullable String hex(@Nullable Object value) {
        if (value instanceof Long number) {
            return number < 0 ? "-" + Long.toHexString(-number) : Long.toHexString(number);
        }
        return value instanceof String text
                ? java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                : null;
    }

    private String signed(String number) {
        return plus && !number.startsWith("-") ? "+" + number : number;
    }

    private String cut(String text) {
        return precision < 0 || text.codePointCount(0, text.length()) <= precision
                ? text
                : text.substring(0, text.offsetByCodePoints(0, precision));
    }
}
