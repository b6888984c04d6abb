package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A blob on its way here: goes on where a broken connection ended, and never hands out the last byte of
/// something else than was asked for.
final class BlobStream extends InputStream {
    // So much progress, and past failures count no more.
    private static final long GOING_WELL = 1 << 20;

    private final Descriptor blob;
    private final Opener opener;
    private final Retry retry;
    private final Runnable whenClosed;
    private final MessageDigest hash = Digest.newSha256();
    private @Nullable Reply reply;
    private @Nullable URI lastAsked;
    private long position;
    private long wellUntil = GOING_WELL;
    private boolean verified;
    private boolean closed;

    /// Asks for the blob from this byte on. The body of the answer begins there.
    @FunctionalInterface
    interface Opener {
        Reply open(long offset) throws IOException;
    }

    /// @param whenClosed is run once
    BlobStream(Descriptor blob, Opener opener, Retry retry, Runnable whenClosed) {
        this.blob = blob;
        this.opener = opener;
        this.retry = retry;
        this.whenClosed = whenClosed;
    }

    /// Sends the first request, so that a missing blob is known before anyone reads.
    BlobStream connect() throws IOException {
        if (blob.size() > 0) {
            reply = opener.open(0);
        }
        return this;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the stream of " + blob.digest() + " is closed");
        }
        if (length == 0) {
            return 0;
        }
        if (position == blob.size()) {
            verify();
            return -1;
        }
        int count = readSome(target, offset, (int) Math.min(length, blob.size() - position));
        hash.update(target, offset, count);
        position += count;
        if (position >= wellUntil) {
            retry.reset();
            wellUntil = position + GOING_WELL;
        }
        if (position == blob.size()) {
            verify();
        }
        return count;
    }

    private int readSome(byte[] target, int offset, int length) throws IOException {
        while (true) {
            Reply current = reply;
            try {
                current = current == null ? opener.open(position) : current;
                reply = current;
                int count = current.body().read(target, offset, length);
                if (count > 0) {
                    return count;
                }
                throw new EOFException("ended after " + position + " of " + blob.size() + " bytes");
            } catch (RegistryException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (current != null) {
                    lastAsked = current.uri();
                    current.close();
                }
                reply = null;
                if (!retry.again(e)) {
                    String problem = "the download of " + blob.digest() + " broke off too often: " + e.getMessage();
                    throw lastAsked == null
                            ? new IOException(problem, e)
                            : new RegistryException(Kind.UNREACHABLE, "GET", lastAsked, 0, problem, List.of(), e);
                }
            }
        }
    }

    private void verify() throws IOException {
        if (verified) {
            return;
        }
        Digest actual = Digest.ofHash(hash.digest());
        if (!actual.equals(blob.digest())) {
            throw corrupt("is " + actual + " instead");
        }
        if (reply != null && reply.body().read() >= 0) {
            throw corrupt("is larger than " + blob.size() + " bytes");
        }
        verified = true;
    }

    private IOException corrupt(String problem) throws IOException {
        // There is nothing sensible to read after this.
        close();
        String message = "the content of " + blob.digest() + " " + problem;
        return reply == null
                ? new IOException(message)
                : new RegistryException(Kind.CORRUPT, "GET", reply.uri(), reply.status(), message, List.of(), null);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                if (reply != null) {
                    reply.close();
                }
            } finally {
                whenClosed.run();
            }
        }
    }
}
