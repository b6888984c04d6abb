package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.OutputStream;

/// Opens a stream that compresses. The same input gives the same output, however many threads work on it.
public final class Compressor {
    private Compressor() {}

    /// A stream that writes what it gets to `out`, compressed. Closing it finishes the compressed data and does not
    /// close `out`.
    ///
    /// @param level a level of that compression, or [Compression#DEFAULT_LEVEL]
    public static OutputStream open(OutputStream out, Compression compression, int level) throws IOException {
        throw new UnsupportedOperationException();
    }
}
