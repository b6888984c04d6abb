package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.archive.Timestamps;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a snapshot becomes a blob. Equal formats of one snapshot give equal blobs.
///
/// @param level the compressor's level; [Compression#DEFAULT_LEVEL] is its default
/// @param clamp no file in the layer is newer than this; null leaves times as they are
public record LayerFormat(
        Compression compression, int level, @Nullable Instant clamp) {
    public LayerFormat {
        compression.checkLevel(level);
    }

    /// gzip at its default level, times as they are.
    public static LayerFormat gzip() {
        return new LayerFormat(Compression.GZIP, Compression.DEFAULT_LEVEL, null);
    }

    Timestamps timestamps() {
        return clamp == null ? Timestamps.asIs() : Timestamps.clampedTo(clamp);
    }

    /// A file name that differs wherever two formats differ.
    String key() {
        String name =
                compression.name().toLowerCase(Locale.ROOT) + (level == Compression.DEFAULT_LEVEL ? "" : "-" + level);
        return clamp == null ? name : name + "-at-" + clamp.getEpochSecond();
    }
}
