package dev.jbuild.layerstore.content;

import dev.jbuild.layerstore.oci.Digest;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A blob that is being written. It is in the store from [#commit(Digest)] on; closed without that, it never was.
public final class BlobWriter implements Closeable {
    private final Path temp;
    private final ContentStore store;
    private final FileOutputStream file;
    private final MessageDigest hash = Digest.newSha256();
    private final OutputStream out = new HashedOutput();
    private long size;
    private boolean open = true;

    BlobWriter(ContentStore store, Path temp) throws IOException {
        this.store = store;
        this.temp = temp;
        this.file = new FileOutputStream(temp.toFile());
    }

    /// Where the blob's bytes go. Not buffered: write large pieces. Only one thread at a time may write.
    public OutputStream out() {
        return out;
    }

    /// How many bytes were written so far.
    public long size() {
        return size;
    }

    /// The digest of what was written so far.
    public Digest digest() {
        try {
            return Digest.ofHash(((MessageDigest) hash.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the SHA-256 of every Java platform can be copied", e);
        }
    }

    /// Makes the blob durable and puts it in the store under its digest. When this returns it survives a power cut.
    ///
    /// @param expected what the digest must be, if that is known before
    /// @throws StoreException of kind CORRUPT if it is another; the blob is discarded then
    public Digest commit(@Nullable Digest expected) {
        if (!open) {
            throw new IllegalStateException("this blob was committed or closed before");
        }
        Digest digest = Digest.ofHash(hash.digest());
        if (expected != null && !expected.equals(digest)) {
            close();
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "blob " + expected + " is corrupt: the digest of what came in its place is " + digest);
        }
        Path target = store.path(digest);
        try {
            if (Files.exists(target) && Files.size(target) == size) {
                close();
                return digest;
            }
            file.getFD().sync();
            file.close();
            Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
            open = false;
            sync(Objects.requireNonNull(target.getParent()));
            return digest;
        } catch (IOException e) {
            throw StoreException.of(e, target, "write blob " + digest);
        } finally {
            close();
        }
    }

    /// Makes the names in a directory safe from power cuts.
    static void sync(Path directory) throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /// Discards the blob unless it was committed.
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            file.close();
            Files.deleteIfExists(temp);
        } catch (IOException e) {
            throw StoreException.of(e, temp, "discard an unfinished blob");
        }
    }

    private final class HashedOutput extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                file.write(bytes, offset, length);
            } catch (IOException e) {
                throw StoreException.of(e, temp, "write a blob");
            }
            hash.update(bytes, offset, length);
            size += length;
        }
    }
}
