package dev.jbuild.exporter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The time that a build gives to what it makes.
public sealed interface ImageTime {
    /// The Unix epoch, for the image and for files in its layers: when a build ran is no part of what it made. Files
    /// that leave the image keep their times.
    record Fixed() implements ImageTime {}

    /// `SOURCE_DATE_EPOCH`: nothing is newer, and what has no time of its own is as old.
    record Epoch(Instant instant) implements ImageTime {}

    /// The time of the build, for the image alone: files keep theirs. Such an image is another one each time.
    record Now(Instant instant) implements ImageTime {}

    /// `SOURCE_DATE_EPOCH` if there is one.
    static ImageTime of(@Nullable Instant epoch) {
        return epoch == null ? new Fixed() : new Epoch(epoch);
    }

    /// When the image, and each thing that this build did to it, was made.
    default Instant created() {
        return switch (this) {
            case Fixed _ -> Instant.EPOCH;
            case Epoch(Instant instant) -> instant;
            case Now(Instant instant) -> instant;
        };
    }

    /// The time that a user set, after which nothing may be; null if there is none.
    default @Nullable Instant epoch() {
        return switch (this) {
            case Fixed _ -> null;
            case Epoch(Instant instant) -> instant;
            case Now _ -> null;
        };
    }

    /// The newest time of a file in a layer; null leaves times as they are.
    default @Nullable Instant newestInLayers() {
        return switch (this) {
            case Fixed _ -> Instant.EPOCH;
            case Epoch(Instant instant) -> instant;
            case Now _ -> null;
        };
    }
}
