package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.function.Predicate;

/// A stream of a codec's library whose complaints about the data become [StoreException]s.
final class CorruptionNamed extends FilterInputStream {
    private final String format;

    private final Predicate<IOException> ofData;

    private CorruptionNamed(InputStream in, String format, Predicate<IOException> ofData) {
        super(in);
        this.format = format;
        this.ofData = ofData;
    }

    /// Opens a codec's stream, which may read and judge the first bytes.
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    /// @param ofData whether an exception is about the data, and not about where they come from
    static InputStream opening(String format, Predicate<IOException> ofData, Opening opening) throws IOException {
        try {
            return new CorruptionNamed(opening.open(), format, ofData);
        } catch (IOException e) {
            throw named(format, ofData, e);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        try {
            return super.read(buffer, offset, length);
        } catch (IOException e) {
            throw named(format, ofData, e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    private static StoreException named(String format, Predicate<IOException> ofData, IOException e)
            throws IOException {
        if (e instanceof InterruptedIOException || e instanceof ClosedByInterruptException || !ofData.test(e)) {
            throw e;
        }
        return new StoreException(
                StoreException.Kind.CORRUPT, "not valid " + format + " data: " + e.getMessage(), null, e);
    }
}
