package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistryClient.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;

/// Reads a blob for requests that send it, or parts of it one after the other.
///
/// Remembers how reading failed, since the HTTP client tells of it only in its own words.
final class SourceReader implements AutoCloseable {
    private final BlobSource source;
    private @Nullable InputStream stream;
    private @Nullable Part part;
    private long position;
    private volatile @Nullable Exception failure;

    SourceReader(BlobSource source) {
        this.source = source;
    }

    /// These bytes as a request's body. An earlier body ends.
    ///
    /// @param last whether the source has to end there
    synchronized BodyPublisher body(long offset, long length, boolean last) throws IOException {
        if (part != null) {
            part.ended = true;
            part = null;
        }
        try {
            InputStream current = stream;
            if (current == null || position != offset) {
                close();
                current = source.open();
                stream = current;
                current.skipNBytes(offset);
                position = offset;
            }
            Part next = new Part(current, length, last);
            part = next;
            return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> next), length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /// @throws IOException if it was not the registry that failed
    void throwOwnFailure() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException io -> throw io;
            case RuntimeException unchecked -> throw unchecked;
            case Exception other -> throw new IllegalStateException(other);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        InputStream current = stream;
        stream = null;
        if (current != null) {
            current.close();
        }
    }

    /// Some of the bytes. Whoever sends them may still ask for more after the request has failed, and gets
    /// none.
    private final class Part extends InputStream {
        private final InputStream in;
        private long left;
        private final boolean last;
        private boolean ended;

        Part(InputStream in, long length, boolean last) {
            this.in = in;
            this.left = length;
            this.last = last;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            synchronized (SourceReader.this) {
                if (ended) {
                    throw new IOException("the request has ended");
                }
                try {
                    if (left == 0) {
                        // A source that verifies itself speaks up at its end.
                        if (last && in.read() >= 0) {
                            throw new IOException("there are more bytes than there should be");
                        }
                        return -1;
                    }
                    int count = in.read(target, offset, (int) Math.min(length, left));
                    if (count > 0) {
                        left -= count;
                        position += count;
                    }
                    return count;
                } catch (IOException | RuntimeException e) {
                    failure = e;
                    throw e;
                }
            }
        }
    }
}
