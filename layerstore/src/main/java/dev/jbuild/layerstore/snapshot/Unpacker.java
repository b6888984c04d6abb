package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.archive.ApplyMode;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.archive.LayerApplier;
import dev.jbuild.layerstore.archive.LayerSummary;
import dev.jbuild.layerstore.archive.NeedsParentsException;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.content.StoreLocks;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.oci.ChainId;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.List;
import java.util.Optional;

/// Layers from tars, each in a directory of its own wherever that is possible.
final class Unpacker {
    private final SnapshotStore store;
    private final TempArea temp;
    private final StoreLocks locks;
    private final Marks marks;

    Unpacker(SnapshotStore store, TempArea temp, StoreLocks locks, Marks marks) {
        this.store = store;
        this.temp = temp;
        this.locks = locks;
        this.marks = marks;
    }

    @SuppressWarnings("try") // a lock is only held
    SnapshotId unpack(List<DiffId> chain, SnapshotStore.LowerSnapshots below, LayerSource source)
            throws InterruptedException {
        DiffId expected = chain.getLast();
        SnapshotId alone = SnapshotId.of(expected);
        try (StoreLock held = locks.lock(SnapshotStore.lockName(alone))) {
            Optional<SnapshotId> found = store.find(chain);
            if (found.isPresent()) {
                return found.get();
            }
            // If it is there and still was not found, it has been seen that it does not stand alone.
            if (!store.contains(alone)) {
                try {
                    unpackAlone(expected, chain.size() == 1, alone, source);
                    return alone;
                } catch (NeedsParentsException e) {
                    if (chain.size() == 1) {
                        throw new StoreException(
                                StoreException.Kind.CORRUPT,
                                "layer " + expected + " cannot be unpacked as the lowest of an image: "
                                        + e.getMessage(),
                                null,
                                e);
                    }
                }
            }
        }
        SnapshotId above = SnapshotId.of(ChainId.of(chain));
        List<SnapshotId> lowers = below.await();
        try (StoreLock held = locks.lock(SnapshotStore.lockName(above))) {
            if (!store.contains(above)) {
                unpackAbove(expected, lowers, above, source);
            }
            return above;
        }
    }

    private void unpackAlone(DiffId expected, boolean lowest, SnapshotId id, LayerSource source)
            throws InterruptedException, NeedsParentsException {
        Path work = temp.newDirectory("unpack");
        boolean published = false;
        try {
            Path fs = SnapshotStore.newRoot(work);
            LayerSummary summary = apply(expected, source, fs, lowest ? ApplyMode.LOWEST : ApplyMode.OVERLAY);
            store.publish(
                    work, id, new Meta(BootId.current(), summary.root(), summary.complete(), summary.whiteouts() > 0));
            published = true;
        } catch (IOException e) {
            throw failure(e, expected, work);
        } finally {
            if (!published) {
                removeUnfinished(work);
            }
        }
    }

    private void unpackAbove(DiffId expected, List<SnapshotId> lowers, SnapshotId id, LayerSource source)
            throws InterruptedException {
        try (ActiveSnapshot active = store.prepare(lowers)) {
            apply(expected, source, active.path(), ApplyMode.MERGED);
            store.publish(active, id, new Meta(BootId.current(), true, false, true));
        } catch (NeedsParentsException e) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "layer " + expected + " does not fit the layers below it: " + e.getMessage(),
                    null,
                    e);
        } catch (IOException e) {
            throw failure(e, expected, store.directory(id));
        }
    }

    private LayerSummary apply(DiffId expected, LayerSource source, Path root, ApplyMode mode)
            throws IOException, InterruptedException, NeedsParentsException {
        try (InputStream raw = source.open()) {
            InputStream tar = Decompressor.open(raw);
            DigestInputStream hashed = new DigestInputStream(tar, Digest.newSha256());
            LayerSummary summary;
            try {
                summary = LayerApplier.apply(hashed, root, mode, marks);
            } catch (NeedsParentsException e) {
                // The source may be a download, which is to come to its end and be stored.
                raw.transferTo(OutputStream.nullOutputStream());
                throw e;
            }
            // What follows the end of the archive belongs to the diff ID, and the end of the source verifies it.
            hashed.transferTo(OutputStream.nullOutputStream());
            raw.transferTo(OutputStream.nullOutputStream());
            Digest actual = Digest.ofHash(hashed.getMessageDigest().digest());
            if (!actual.equals(expected.digest())) {
                throw new StoreException(
                        StoreException.Kind.CORRUPT,
                        "layer " + expected + " is corrupt: the diff ID of its content is " + actual);
            }
            return summary;
        }
    }

    private static StoreException failure(IOException e, DiffId layer, Path work) throws InterruptedException {
        if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
            throw new InterruptedException("interrupted while unpacking layer " + layer);
        }
        return StoreException.of(e, work, "unpack layer " + layer);
    }

    private static void removeUnfinished(Path work) {
        try {
            Kernel.removeTree(work);
        } catch (IOException e) {
            throw StoreException.of(e, work, "remove an unfinished snapshot");
        }
    }
}
