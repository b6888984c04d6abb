package dev.jbuild.exporter;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an image is put together, whatever it is then written to.
///
/// @param names what `name=` asks for, spelled out in full; the names of the build (`-t`) go before them
/// @param layers what its layers are like
/// @param ociMediaTypes whether documents and layers have the OCI's media types, else Docker's
/// @param epoch the `SOURCE_DATE_EPOCH` of this output alone
/// @param preferImageDigest whether the image's ID is the digest of its manifest, not that of its configuration
/// @param attestations in what form attestations go with it
public record ImageOptions(
        List<String> names,
        Layers layers,
        boolean ociMediaTypes,
        @Nullable Instant epoch,
        boolean preferImageDigest,
        Attestations attestations,
        List<Annotation> annotations) {
    public ImageOptions {
        names = List.copyOf(names);
        annotations = List.copyOf(annotations);
    }

    /// What layers are like.
    ///
    /// @param level of the compressor; [Compression#DEFAULT_LEVEL] is its default
    /// @param force whether layers of the base that are compressed in another way are converted
    /// @param rewriteTimestamp whether no file in a layer may be newer than the build's time
    /// @param preferNondistributable whether layers that are not to be pushed elsewhere stay such layers
    public record Layers(
            Compression compression,
            int level,
            boolean force,
            boolean rewriteTimestamp,
            boolean preferNondistributable) {
        /// gzip; nothing converted.
        public static final Layers DEFAULT =
                new Layers(Compression.GZIP, Compression.DEFAULT_LEVEL, false, true, false);
    }

    /// In what form attestations go with an image, if it has any.
    ///
    /// @param inline whether also those go with it that are else only told to whoever builds
    /// @param ociArtifact whether they are OCI artifacts with a subject, not images
    public record Attestations(boolean inline, boolean ociArtifact) {
        /// Images, as every registry takes them.
        public static final Attestations DEFAULT = new Attestations(true, false);
    }

    /// gzip, OCI media types, no name.
    public static final ImageOptions DEFAULT =
            new ImageOptions(List.of(), Layers.DEFAULT, true, null, false, Attestations.DEFAULT, List.of());

    /// The time of this output, in a build of this time.
    public ImageTime time(ImageTime build) {
        return epoch == null ? build : new ImageTime.Epoch(epoch);
    }

    /// The form that the build's own layers take under these options.
    public LayerFormat layerFormat(ImageTime build) {
        return new LayerFormat(
                layers.compression(),
                layers.level(),
                layers.rewriteTimestamp() ? time(build).newestInLayers() : null);
    }
}
