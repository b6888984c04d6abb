package dev.jbuild.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Sizes and ages as Docker's commands write them for people.
public final class HumanText {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private HumanText() {}

    /// `4.26MB`: three significant digits, powers of a thousand.
    public static String size(long bytes) {
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.abs().compareTo(BigDecimal.valueOf(1000)) >= 0) {
            value = value.movePointLeft(3);
            unit++;
        }
        BigDecimal rounded = value.round(new MathContext(3));
        if (rounded.compareTo(BigDecimal.valueOf(1000)) >= 0) {
            rounded = rounded.movePointLeft(3);
            unit++;
        }
        return rounded.signum() == 0 ? "0B" : rounded.stripTrailingZeros().toPlainString() + UNITS[unit];
    }

    /// `2026-01-31 12:30:00 +0000 UTC`.
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .replace('T', ' ')
                .replace("Z", " +0000 UTC");
    }

    /// `3 weeks ago`.
    public static String ago(Duration age) {
        return duration(age.isNegative() ? Duration.ZERO : age) + " ago";
    }

    private static String duration(Duration age) {
        long seconds = age.toSeconds();
        long minutes = age.toMinutes();
        // Docker rounds hours, and nothing else.
        long hours = (minutes + 30) / 60;
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        if (hours == 1) {
            return "About an hour";
        }
        if (hours < 48) {
            return hours + " hours";
        }
        if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        }
        if (hours < 24 * 365 * 2) {
            return hours / 24 / 30 + " months";
        }
        return hours / 24 / 365 + " years";
    }
}
