package dev.jbuild.layerstore.archive;

import com.github.luben.zstd.ZstdIOException;
import dev.jbuild.layerstore.content.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream of a codec's library whose complaints about the data become [StoreException]s.
final class CorruptionNamed extends FilterInputStream {
    private final String format;

    CorruptionNamed(InputStream in, String format) {
        super(in);
        this.format = format;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return super.read(buffer, offset, length);
        } catch (ZstdIOException e) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT, "not valid " + format + " data: " + e.getMessage(), null, e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
}
