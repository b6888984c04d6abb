package dev.jbuild.layerstore.archive;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Opens a stream that compresses. The same input gives the same output, however many threads work on it and however
/// it is cut into writes.
public final class Compressor {
    private static final int ZSTD_DEFAULT_LEVEL = 3;

    private Compressor() {}

    /// A stream that writes what it gets to `out`, compressed. Closing it finishes the compressed data and does not
    /// close `out`.
    ///
    /// @param compression any but [Compression#ESTARGZ]
    /// @param level a level of that compression, or [Compression#DEFAULT_LEVEL]
    public static OutputStream open(OutputStream out, Compression compression, int level) throws IOException {
        compression.checkLevel(level);
        return switch (compression) {
            case NONE -> new Uncloseable(out);
            case GZIP -> new ParallelGzipOutputStream(out, level, CompressionThreads.shared());
            case ESTARGZ -> throw new IllegalArgumentException("estargz is made of files, not of a stream of bytes");
            case ZSTD -> Zstd.open(out, level);
        };
    }

    /// Apart, so that the native library is loaded only for a layer that needs it.
    private static final class Zstd {
        static OutputStream open(OutputStream out, int level) throws IOException {
            ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(
                    new Uncloseable(out), level == Compression.DEFAULT_LEVEL ? ZSTD_DEFAULT_LEVEL : level);
            // One worker or many give the same bytes; none would give others.
            zstd.setWorkers(Math.max(1, Runtime.getRuntime().availableProcessors()));
            zstd.setChecksum(true);
            return zstd;
        }
    }

    private static final class Uncloseable extends FilterOutputStream {
        Uncloseable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
