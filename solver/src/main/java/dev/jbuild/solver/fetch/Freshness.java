package dev.jbuild.solver.fetch;

import java.time.Duration;

/// When other machines are asked what a name means, and whether they are at all.
///
/// @param pull whether to ask even for names that are known
/// @param offline whether to ask for nothing, and take every name for what it last meant
/// @param tagLife how long a tag is taken to mean what it meant
public record Freshness(boolean pull, boolean offline, Duration tagLife) {
    /// Tags are remembered for five minutes.
    public static final Freshness DEFAULT = new Freshness(false, false, Duration.ofMinutes(5));

    public Freshness {
        if (pull && offline) {
            throw new IllegalArgumentException("to ask always and never at the same time is not possible");
        }
        if (tagLife.isNegative()) {
            throw new IllegalArgumentException("the life of a tag is negative: " + tagLife);
        }
    }

    /// Whether what a tag meant so long ago still counts.
    boolean isFresh(Duration age) {
        return offline || (!age.isNegative() && age.compareTo(tagLife) <= 0);
    }
}
