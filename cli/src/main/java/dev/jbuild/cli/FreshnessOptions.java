package dev.jbuild.cli;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.solver.fetch.Freshness;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `--pull`, `--offline` and `--tag-ttl`: when other machines are asked what a name means.
final class FreshnessOptions {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h|d)");
    private static final String TAG_LIFE = "JBUILD_TAG_TTL";

    private FreshnessOptions() {}

    static Options declare(Options options) {
        return Offline.declare(options.flag("Ask registries for base images even if they are known.", "--pull"))
                .value(
                        "DURATION",
                        "How long a tag is taken to mean what it meant, 30s or 1h; by default 5m.",
                        "--tag-ttl");
    }

    static Freshness read(Options.Parsed parsed, Io io) {
        boolean pull = parsed.has("--pull");
        // What stands on the command line wins over the environment.
        boolean offline = Offline.asked(parsed) || (!pull && Offline.inEnvironment(io));
        if (pull && offline) {
            throw new UsageException("--pull and --offline cannot be used together");
        }
        Duration life = parsed.value("--tag-ttl")
                .map(text -> duration("--tag-ttl=" + text, text))
                .or(() -> Optional.ofNullable(io.env(TAG_LIFE)).map(text -> duration(TAG_LIFE + "=" + text, text)))
                .orElse(Freshness.DEFAULT.tagLife());
        return new Freshness(pull, offline, life);
    }

    private static Duration duration(String where, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!matcher.matches()) {
            throw new UsageException(where + ": expected a number and s, m, h or d, for example 30s or 1h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
