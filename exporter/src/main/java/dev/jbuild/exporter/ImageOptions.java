package dev.jbuild.exporter;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an image is put together, whatever it is then written to.
///
/// @param names what `name=` asks for, spelled out in full; the names of the build (`-t`) go before them
/// @param level of the compressor; [Compression#DEFAULT_LEVEL] is its default
/// @param forceCompression whether layers of the base that are compressed in another way are converted
/// @param ociMediaTypes whether documents and layers have the OCI's media types, else Docker's
/// @param rewriteTimestamp whether no file in a layer may be newer than the build's clock, if it has one
public record ImageOptions(
        List<String> names,
        Compression compression,
        int level,
        boolean forceCompression,
        boolean ociMediaTypes,
        boolean rewriteTimestamp,
        List<Annotation> annotations) {
    public ImageOptions {
        names = List.copyOf(names);
        annotations = List.copyOf(annotations);
    }

    /// gzip, OCI media types, no name.
    public static final ImageOptions DEFAULT =
            new ImageOptions(List.of(), Compression.GZIP, Compression.DEFAULT_LEVEL, false, true, true, List.of());

    /// The form that the build's own layers take under these options. Without a clock their files are dated to the
    /// Unix epoch, as the image is: when a build ran is no part of what it made.
    public LayerFormat layerFormat(@Nullable Instant clock) {
        Instant latest = clock == null ? Instant.EPOCH : clock;
        return new LayerFormat(compression, level, rewriteTimestamp ? latest : null);
    }
}
