package dev.jbuild.layerstore.archive;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What becomes of modification times when an archive is written.
///
/// @param clamp the newest time that may appear, in whole seconds; null if times stay as they are
public record Timestamps(@Nullable Instant clamp) {
    /// Every time as it is, to the nanosecond.
    public static Timestamps asIs() {
        return new Timestamps(null);
    }

    /// Whole seconds only, and nothing newer than this.
    public static Timestamps clampedTo(Instant newest) {
        return new Timestamps(newest);
    }

    long seconds(long seconds) {
        return clamp == null ? seconds : Math.min(seconds, clamp.getEpochSecond());
    }

    int nanos(int nanos) {
        return clamp == null ? nanos : 0;
    }
}
