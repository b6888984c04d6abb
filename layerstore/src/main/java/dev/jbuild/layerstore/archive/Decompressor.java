package dev.jbuild.layerstore.archive;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/// Opens a layer whatever its compression, which the first bytes say: media types are often wrong.
public final class Decompressor {
    private Decompressor() {}

    /// The uncompressed bytes of this stream. Closing the result closes the stream.
    ///
    /// Reading throws a [dev.jbuild.layerstore.content.StoreException] of kind CORRUPT where the compressed
    /// data is wrong.
    public static InputStream open(InputStream compressed) throws IOException {
        PushbackInputStream in = new PushbackInputStream(compressed, Compression.MAGIC_LENGTH);
        byte[] start = new byte[Compression.MAGIC_LENGTH];
        int n = in.readNBytes(start, 0, start.length);
        in.unread(start, 0, n);
        return switch (Compression.detect(Arrays.copyOf(start, n))) {
            case NONE -> in;
            case GZIP, ESTARGZ -> new GzipInputStream(in);
            case ZSTD -> Zstd.open(in);
        };
    }

    /// Apart, so that the native library is loaded only for a layer that needs it.
    private static final class Zstd {
        static InputStream open(InputStream in) throws IOException {
            return CorruptionNamed.opening(
                    "zstd",
                    e -> e instanceof ZstdIOException,
                    () -> new ZstdInputStreamNoFinalizer(in).setContinuous(false));
        }
    }
}
