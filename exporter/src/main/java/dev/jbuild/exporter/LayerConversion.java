package dev.jbuild.exporter;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.archive.Compressor;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Gives a layer another compression. Its content, and so its diff ID, stays the same.
final class LayerConversion {
    private static final int BUFFER = 256 << 10;

    private LayerConversion() {}

    /// The layer in the compression that the options ask for, if they insist on it, else as it is.
    static LayerBlob forced(LayerBlob layer, ImageOptions options, ContentStore content)
            throws IOException, InterruptedException {
        if (!options.forceCompression() || compression(layer.descriptor().mediaType()) == options.compression()) {
            return layer;
        }
        try (BlobWriter blob = content.newBlob()) {
            try (InputStream tar = Decompressor.open(content.open(layer.descriptor()));
                    OutputStream compressed = Compressor.open(blob.out(), options.compression(), options.level())) {
                byte[] buffer = new byte[BUFFER];
                for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("interrupted while converting a layer");
                    }
                    compressed.write(buffer, 0, n);
                }
            }
            long size = blob.size();
            Digest digest = blob.commit(null);
            return new LayerBlob(new Descriptor(options.compression().layerMediaType(), digest, size), layer.diffId());
        }
    }

    private static Compression compression(String mediaType) {
        return MediaType.isGzip(mediaType)
                ? Compression.GZIP
                : MediaType.isZstd(mediaType) ? Compression.ZSTD : Compression.NONE;
    }

    /// The media type under which a layer may be pushed anywhere. It is stored here, and so no longer only elsewhere.
    static String distributable(String mediaType) {
        return switch (MediaType.toOci(mediaType)) {
            case MediaType.OCI_NONDISTRIBUTABLE_LAYER -> MediaType.OCI_LAYER;
            case MediaType.OCI_NONDISTRIBUTABLE_LAYER_GZIP -> MediaType.OCI_LAYER_GZIP;
            case MediaType.OCI_NONDISTRIBUTABLE_LAYER_ZSTD -> MediaType.OCI_LAYER_ZSTD;
            default -> mediaType;
        };
    }
}
