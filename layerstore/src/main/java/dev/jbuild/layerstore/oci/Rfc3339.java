package dev.jbuild.layerstore.oci;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Times as JSON documents hold them, by hand: `java.time.format` costs milliseconds that a cached build has
/// not got.
final class Rfc3339 {
    private Rfc3339() {}

    /// `2024-02-29T12:00:00.5Z`, with as many digits of the second as are not zero, as Go writes it.
    static String format(Instant time) {
        String text = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC)
                .toString();
        // LocalDateTime leaves out seconds that are zero.
        StringBuilder out = new StringBuilder(text.length() == 16 ? text + ":00" : text);
        int nanos = time.getNano();
        if (nanos != 0) {
            String digits = Integer.toString(1_000_000_000 + nanos).substring(1);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            out.append('.').append(digits, 0, end);
        }
        return out.append('Z').toString();
    }

    /// Parses a time with an offset.
    ///
    /// @throws IllegalArgumentException if the text is not one
    static Instant parse(String text) {
        try {
            if (text.length() < 20
                    || text.charAt(4) != '-'
                    || text.charAt(7) != '-'
                    || "Tt ".indexOf(text.charAt(10)) < 0
                    || text.charAt(13) != ':'
                    || text.charAt(16) != ':') {
                throw notATime(text, null);
            }
            int end = 19;
            int nanos = 0;
            if (text.charAt(end) == '.') {
                int scale = 100_000_000;
                for (end++; end < text.length() && isDigit(text.charAt(end)); end++) {
                    nanos += (text.charAt(end) - '0') * scale;
                    scale /= 10;
                }
                if (end == 20) {
                    throw notATime(text, null);
                }
            }
            LocalDateTime local = LocalDateTime.of(
                    number(text, 0, 4),
                    number(text, 5, 7),
                    number(text, 8, 10),
                    number(text, 11, 13),
                    number(text, 14, 16),
                    // A leap second is the second before it.
                    Math.min(number(text, 17, 19), 59),
                    nanos);
            return local.toInstant(offset(text, end));
        } catch (DateTimeException | IndexOutOfBoundsException e) {
            throw notATime(text, e);
        }
    }

    private static ZoneOffset offset(String text, int start) {
        if (text.length() == start + 1 && "Zz".indexOf(text.charAt(start)) >= 0) {
            return ZoneOffset.UTC;
        }
        char sign = text.charAt(start);
        if (text.length() != start + 6 || text.charAt(start + 3) != ':' || "+-".indexOf(sign) < 0) {
            throw notATime(text, null);
        }
        int minutes = number(text, start + 1, start + 3) * 60 + number(text, start + 4, start + 6);
        return ZoneOffset.ofTotalSeconds((sign == '-' ? -minutes : minutes) * 60);
    }

    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(text.charAt(i))) {
                throw notATime(text, null);
            }
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static IllegalArgumentException notATime(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException("not a time such as 2006-01-02T15:04:05Z: \"" + text + '"', cause);
    }
}
