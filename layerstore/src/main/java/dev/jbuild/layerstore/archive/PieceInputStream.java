package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.InputStream;

/// A stream that gives its bytes in pieces; a single one is a short piece.
abstract class PieceInputStream extends InputStream {
    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] bytes, int offset, int length) throws IOException;
}
