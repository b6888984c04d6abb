package dev.jbuild.cli.image;

import dev.jbuild.cli.report.UsageException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Points in time as Docker's filters take them: an age such as `24h`, a date, a time, seconds since 1970. A time
/// without a zone is in UTC.
final class Moment {
    private static final Pattern AGE = Pattern.compile("(?:\\d{1,9}(?:h|ms|m|s))+");
    private static final Pattern PART = Pattern.compile("(\\d{1,9})(h|ms|m|s)");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,11}");

    private Moment() {}

    static Instant parse(String text, Instant now) {
        try {
            if (AGE.matcher(text).matches()) {
                return now.minus(age(text));
            }
            if (SECONDS.matcher(text).matches()) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new UsageException("--filter until=" + text
                    + ": expected an age such as 24h or 1h30m, a date such as 2026-01-31, or 2026-01-31T12:00:00Z");
        }
    }

    private static Duration age(String text) {
        Duration age = Duration.ZERO;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            long number = Long.parseLong(parts.group(1));
            age = age.plus(
                    switch (parts.group(2)) {
                        case "h" -> Duration.ofHours(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "s" -> Duration.ofSeconds(number);
                        default -> Duration.ofMillis(number);
                    });
        }
        return age;
    }
}
