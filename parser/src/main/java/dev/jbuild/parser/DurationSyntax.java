package dev.jbuild.parser;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Durations as Go writes them: `1h30m`, `1.5s`, `-2us`, `0`.
final class DurationSyntax {
    private static final BigInteger MAX_NANOS = BigInteger.valueOf(Long.MAX_VALUE);
    /// Far more digits than any duration needs, and few enough to reckon with.
    private static final int MAX_LENGTH = 100;

    private DurationSyntax() {}

    /// The duration, or null if the text is none or more than about 290 years.
    static @Nullable Duration parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        boolean negative = text.startsWith("-");
        int pos = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(pos).equals("0")) {
            return Duration.ZERO;
        }
        if (pos == text.length()) {
            return null;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        while (pos < text.length()) {
            int numberEnd = pos;
            while (numberEnd < text.length() && isNumeric(text.charAt(numberEnd))) {
                numberEnd++;
            }
            int unitEnd = numberEnd;
            while (unitEnd < text.length() && !isNumeric(text.charAt(unitEnd))) {
                unitEnd++;
            }
            BigDecimal number = number(text.substring(pos, numberEnd));
            long unit = nanosOf(text.substring(numberEnd, unitEnd));
            if (number == null || unit == 0) {
                return null;
            }
            nanos = nanos.add(number.multiply(BigDecimal.valueOf(unit)));
            pos = unitEnd;
        }
        BigInteger whole = nanos.toBigInteger();
        if (whole.compareTo(MAX_NANOS) > 0) {
            return null;
        }
        return Duration.ofNanos(negative ? -whole.longValueExact() : whole.longValueExact());
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static @Nullable BigDecimal number(String text) {
        if (text.isEmpty() || text.equals(".") || text.indexOf('.') != text.lastIndexOf('.')) {
            return null;
        }
        return new BigDecimal(text.endsWith(".") ? text + "0" : text);
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 0;
        };
    }
}
