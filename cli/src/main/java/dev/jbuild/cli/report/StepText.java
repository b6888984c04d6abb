package dev.jbuild.cli.report;

import dev.jbuild.solver.event.ResourceUsage;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Writes times and sizes as BuildKit's progress does, without the cost of a formatter's first use.
final class StepText {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private StepText() {}

    /// `1.2`: seconds with this many decimals, rounded half up.
    static String seconds(Duration duration, int decimals) {
        long nanosPerUnit = 1_000_000_000;
        for (int i = 0; i < decimals; i++) {
            nanosPerUnit /= 10;
        }
        long units = (Math.max(0, duration.toNanos()) + nanosPerUnit / 2) / nanosPerUnit;
        return decimal(units, decimals);
    }

    /// The time that stands before a line of output: the shorter, the more exact.
    static String lineTime(Duration sinceStart) {
        long seconds = sinceStart.toSeconds();
        return seconds(sinceStart, seconds < 10 ? 3 : seconds < 100 ? 2 : 1);
    }

    /// `12.34MB`, in powers of a thousand; bytes and kilobytes without needless decimals.
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + "B";
        }
        int unit = 0;
        double value = bytes;
        // 999,995 would be rounded to 1000.00kB.
        while (value >= 999.995 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return decimal(Math.round(value * 100), 2) + UNITS[unit];
    }

    /// `used 1.24s of processors, 118.20MB of memory, 3.00MB read, 10.00MB written`, or what is known of it.
    static String usage(ResourceUsage usage) {
        List<String> parts = new ArrayList<>();
        usage.processors()
                .ifPresent(micros -> parts.add(seconds(Duration.of(micros, ChronoUnit.MICROS), 2) + "s of processors"));
        usage.memory().ifPresent(bytes -> parts.add(bytes(bytes) + " of memory"));
        usage.read().ifPresent(bytes -> parts.add(bytes(bytes) + " read"));
        usage.written().ifPresent(bytes -> parts.add(bytes(bytes) + " written"));
        return "used " + (parts.isEmpty() ? "nothing that is counted here" : String.join(", ", parts));
    }

    /// `  12.34MB / 56.78MB`, or what is known of it.
    static String transfer(long current, long total) {
        if (total > 0) {
            return " " + bytes(current) + " / " + bytes(total);
        }
        return current > 0 ? " " + bytes(current) : "";
    }

    private static String decimal(long units, int decimals) {
        String digits = Long.toString(units);
        if (decimals == 0) {
            return digits;
        }
        if (digits.length() <= decimals) {
            digits = "0".repeat(decimals - digits.length() + 1) + digits;
        }
        int point = digits.length() - decimals;
        return digits.substring(0, point) + '.' + digits.substring(point);
    }
}
