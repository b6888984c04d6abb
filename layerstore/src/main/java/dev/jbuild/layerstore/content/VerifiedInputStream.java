package dev.jbuild.layerstore.content;

import dev.jbuild.layerstore.oci.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/// A stream that ends only if it had the promised size and digest. Until its end was reached nothing is known about
/// what was read from it; a stream that is closed early was not verified.
public final class VerifiedInputStream extends FilterInputStream {
    private static final long ANY_SIZE = -1;

    private final String name;
    private final Digest digest;
    private final long size;
    private final Runnable onCorrupt;
    private final MessageDigest hash = Digest.newSha256();
    private long read;
    private boolean ended;

    /// A stream that is to have this digest and size.
    ///
    /// @param name what it is, for messages
    public VerifiedInputStream(InputStream in, String name, Digest digest, long size) {
        this(in, name, digest, size, () -> {});
    }

    /// A stream of any size that is to have this digest.
    ///
    /// @param name what it is, for messages
    public VerifiedInputStream(InputStream in, String name, Digest digest) {
        this(in, name, digest, ANY_SIZE);
    }

    VerifiedInputStream(InputStream in, String name, Digest digest, long size, Runnable onCorrupt) {
        super(in);
        this.name = name;
        this.digest = digest;
        this.size = size;
        this.onCorrupt = onCorrupt;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// @throws StoreException of kind CORRUPT at the first byte too many, or at an end that comes early or is wrong
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (n > 0) {
            read += n;
            if (size != ANY_SIZE && read > size) {
                throw corrupt("it has more than the " + size + " bytes it should have");
            }
            hash.update(buffer, offset, n);
        } else if (n < 0 && !ended) {
            ended = true;
            if (size != ANY_SIZE && read != size) {
                throw corrupt("it ends after " + read + " of " + size + " bytes");
            }
            Digest actual = Digest.ofHash(hash.digest());
            if (!actual.equals(digest)) {
                throw corrupt("its digest is " + actual);
            }
        }
        return n;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] buffer = new byte[(int) Math.min(count, 8192)];
        long left = count;
        while (left > 0) {
            int n = read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                break;
            }
            left -= n;
        }
        return count - left;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private StoreException corrupt(String what) {
        onCorrupt.run();
        return new StoreException(StoreException.Kind.CORRUPT, name + " " + digest + " is corrupt: " + what);
    }
}
