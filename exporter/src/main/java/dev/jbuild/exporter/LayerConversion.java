package dev.jbuild.exporter;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.archive.Compressor;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.archive.Estargz;
import dev.jbuild.layerstore.archive.EstargzLayer;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/// Gives a layer another compression. Its content, and so its diff ID, stays the same.
final class LayerConversion {
    private static final int BUFFER = 256 << 10;

    private LayerConversion() {}

    /// The layer in the compression that the options ask for, if they insist on it, else as it is.
    static LayerBlob forced(LayerBlob layer, ImageOptions options, ContentStore content)
            throws IOException, InterruptedException {
        ImageOptions.Layers wanted = options.layers();
        if (!wanted.force() || compression(layer.descriptor()) == wanted.compression()) {
            return layer;
        }
        if (wanted.compression() == Compression.ESTARGZ) {
            return estargz(layer, wanted.level(), content);
        }
        try (BlobWriter blob = content.newBlob()) {
            try (InputStream tar = Decompressor.open(content.open(layer.descriptor()));
                    OutputStream compressed = Compressor.open(blob.out(), wanted.compression(), wanted.level())) {
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
            return new LayerBlob(new Descriptor(wanted.compression().layerMediaType(), digest, size), layer.diffId());
        }
    }

    // Its tar gets two more files, and so another diff ID.
    private static LayerBlob estargz(LayerBlob layer, int level, ContentStore content)
            throws IOException, InterruptedException {
        try (BlobWriter blob = content.newBlob()) {
            EstargzLayer converted;
            try (InputStream tar = Decompressor.open(content.open(layer.descriptor()));
                    OutputStream out = new BufferedOutputStream(blob.out(), BUFFER)) {
                converted = Estargz.convert(tar, out, level);
            } catch (InterruptedIOException e) {
                throw new InterruptedException("interrupted while converting a layer");
            }
            long size = blob.size();
            Digest digest = blob.commit(null);
            Descriptor descriptor = new Descriptor(Compression.ESTARGZ.layerMediaType(), digest, size);
            return new LayerBlob(descriptor.withAnnotations(converted.annotations()), converted.diffId());
        }
    }

    private static Compression compression(Descriptor layer) {
        String mediaType = layer.mediaType();
        if (MediaType.isGzip(mediaType)) {
            return EstargzLayer.annotations(layer).isEmpty() ? Compression.GZIP : Compression.ESTARGZ;
        }
        return MediaType.isZstd(mediaType) ? Compression.ZSTD : Compression.NONE;
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
