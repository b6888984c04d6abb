package dev.jbuild.cli.image;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How large the files in layers are. A snapshot knows; a layer that was never unpacked has to be read.
public final class LayerSizes {
    private static final long GZIP_SIZE_LIMIT = 1L << 32;

    private final LayerStore store;
    private @Nullable Map<Digest, SnapshotId> made;
    private final Map<Digest, Long> exact = new HashMap<>();

    public LayerSizes(LayerStore store) {
        this.store = store;
    }

    /// The bytes in the files of one layer.
    ///
    /// @param index the layer's place, 0 being the lowest
    public long of(LocalImage.ForPlatform image, int index) {
        Optional<SnapshotId> snapshot = snapshot(image, index);
        if (snapshot.isPresent()) {
            return store.snapshots().size(snapshot.get());
        }
        Descriptor layer = image.manifest().layers().get(index);
        Long known = exact.get(layer.digest());
        if (known == null) {
            known = read(layer);
            exact.put(layer.digest(), known);
        }
        return known;
    }

    /// The bytes in the files of all layers, or nearly: a layer that was not unpacked counts with the size of its
    /// archive if that is written in its last bytes, since nobody wants to wait for a list.
    public long estimated(LocalImage.ForPlatform image) {
        long bytes = 0;
        for (int i = 0; i < image.manifest().layers().size(); i++) {
            bytes += estimated(image, i);
        }
        return bytes;
    }

    /// The same of one layer.
    long estimated(LocalImage.ForPlatform image, int index) {
        Optional<SnapshotId> snapshot = snapshot(image, index);
        return snapshot.isPresent() ? store.snapshots().size(snapshot.get()) : archiveSize(image, index);
    }

    private Optional<SnapshotId> snapshot(LocalImage.ForPlatform image, int index) {
        Digest digest = image.manifest().layers().get(index).digest();
        SnapshotId own = madeHere().get(digest);
        if (own != null) {
            return Optional.of(own);
        }
        List<DiffId> chain = image.config().diffIds();
        return index < chain.size() ? store.snapshots().find(chain.subList(0, index + 1)) : Optional.empty();
    }

    /// The snapshots that were made by instructions, by the blobs made of them.
    private Map<Digest, SnapshotId> madeHere() {
        if (made == null) {
            Map<Digest, SnapshotId> found = new HashMap<>();
            store.snapshots().list().forEach(id -> store.snapshots().blobs(id).forEach(blob -> found.put(blob, id)));
            made = found;
        }
        return made;
    }

    private long archiveSize(LocalImage.ForPlatform image, int index) {
        Descriptor layer = image.manifest().layers().get(index);
        if (MediaType.isGzip(layer.mediaType())) {
            Path file = store.content().path(layer.digest());
            try (FileChannel blob = FileChannel.open(file)) {
                ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
                blob.read(last, Math.max(0, blob.size() - last.capacity()));
                long size = Integer.toUnsignedLong(last.getInt(0));
                // RFC 1952: modulo 4 GiB, and of the last member only; what is smaller than the blob is neither.
                if (size >= layer.size() && layer.size() < GZIP_SIZE_LIMIT / 8) {
                    return size;
                }
            } catch (IOException e) {
                throw StoreException.of(e, file, "read a layer");
            }
        }
        return of(image, index);
    }

    private long read(Descriptor layer) {
        try (InputStream blob = store.content().open(layer);
                InputStream tar = Decompressor.open(blob)) {
            return TarSizes.sum(tar);
        } catch (IOException e) {
            throw StoreException.of(e, store.content().path(layer.digest()), "read layer " + layer.digest());
        }
    }
}
