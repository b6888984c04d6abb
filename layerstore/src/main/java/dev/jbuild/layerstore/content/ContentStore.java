package dev.jbuild.layerstore.content;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/// Blobs by digest, in the folder layout of an OCI image layout: `blobs/sha256/<hex>`.
///
/// A blob is there whole or not at all, whatever happens to the process or the machine, and what is read from it is
/// verified while it is read.
public final class ContentStore {
    private static final int BIGGEST_READ = 64 << 20;

    private final Path folder;
    private final TempArea temp;

    /// The blobs in this folder.
    ///
    /// @param folder where the blobs of one algorithm lie; on the same file system as the temporary files
    public ContentStore(Path folder, TempArea temp) {
        this.folder = folder;
        this.temp = temp;
    }

    public boolean contains(Digest digest) {
        return Files.isRegularFile(path(digest));
    }

    /// Where this blob lies, or would.
    public Path path(Digest digest) {
        return folder.resolve(digest.hex());
    }

    /// The blob's size in bytes.
    ///
    /// @throws StoreException of kind MISSING if the blob is not there
    public long size(Digest digest) {
        try {
            return Files.size(path(digest));
        } catch (IOException e) {
            throw StoreException.of(e, path(digest), "find blob " + digest);
        }
    }

    /// The blob from its first byte. At its end its size and digest are checked; if they are wrong the read
    /// fails with a [StoreException] of kind CORRUPT, and the file, which is of no use to anybody, is
    /// removed from the store.
    public InputStream open(Descriptor blob) {
        Path path = path(blob.digest());
        try {
            InputStream file = Files.newInputStream(path);
            return new VerifiedInputStream(
                    file, "blob in " + folder, blob.digest(), blob.size(), () -> remove(blob.digest()));
        } catch (IOException e) {
            throw StoreException.of(e, path, "read blob " + blob.digest());
        }
    }

    /// All of a blob that fits in memory: a manifest, an index, an image configuration.
    public byte[] read(Descriptor blob) {
        if (blob.size() > BIGGEST_READ) {
            throw new StoreException(
                    StoreException.Kind.UNSUPPORTED,
                    "blob " + blob.digest() + " of type " + blob.mediaType() + " has " + blob.size()
                            + " bytes, more than the " + BIGGEST_READ + " that a document may have");
        }
        try (InputStream in = open(blob)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw StoreException.of(e, path(blob.digest()), "read blob " + blob.digest());
        }
    }

    /// A new blob, to be written and committed.
    public BlobWriter newBlob() {
        Path file = temp.newFile("blob");
        try {
            return new BlobWriter(this, file);
        } catch (IOException e) {
            throw StoreException.of(e, file, "write a blob");
        }
    }

    /// Stores these bytes. When this returns they are there, whether or not because of this call.
    public Descriptor put(String mediaType, byte[] content) {
        Digest digest = Digest.of(content);
        if (!contains(digest)) {
            try (BlobWriter blob = newBlob()) {
                blob.out().write(content);
                blob.commit(digest);
            } catch (IOException e) {
                throw StoreException.of(e, path(digest), "write blob " + digest);
            }
        }
        return new Descriptor(mediaType, digest, content.length);
    }

    /// Takes a blob over from another folder on the same file system, where it was committed.
    public void adopt(Digest digest, ContentStore from) {
        Path target = path(digest);
        try {
            Files.move(from.path(digest), target, StandardCopyOption.ATOMIC_MOVE);
            BlobWriter.sync(folder);
        } catch (IOException e) {
            throw StoreException.of(e, target, "write blob " + digest);
        }
    }

    /// Removes the blob; it is no error if it is not there.
    public void remove(Digest digest) {
        try {
            Files.deleteIfExists(path(digest));
        } catch (IOException e) {
            throw StoreException.of(e, path(digest), "remove blob " + digest);
        }
    }

    /// Every blob, in no order.
    public Stream<Digest> list() {
        try (Stream<Path> files = Files.list(folder)) {
            List<Digest> digests = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9a-f]{64}"))
                    .map(Digest::new)
                    .toList();
            return digests.stream();
        } catch (IOException e) {
            throw StoreException.of(e, folder, "list the blobs");
        }
    }
}
