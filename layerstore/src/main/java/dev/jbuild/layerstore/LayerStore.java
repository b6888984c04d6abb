package dev.jbuild.layerstore;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.content.StoreLocks;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.layerstore.snapshot.SnapshotStore;
import dev.jbuild.layerstore.snapshot.Snapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The store on disk: one directory that any number of processes may use at the same time.
///
/// Builds share it; [#openExclusive(Path)] is for what removes things. A process that dies leaves nothing but
/// temporary files, which the next one to open the store sweeps.
public final class LayerStore implements AutoCloseable {
    private final Path root;
    private final StoreLocks locks;
    private final StoreLock use;
    private final boolean exclusive;
    private final TempArea temp;
    private final ContentStore content;
    private final SnapshotStore snapshots;
    private final ImageStore images;
    private final InstructionPlaces places;
    private final BlobOrigins origins;

    private LayerStore(
            Path root, StoreLocks locks, StoreLock use, boolean exclusive, Snapshotter snapshotter, Marks marks) {
        this.root = root;
        this.locks = locks;
        this.use = use;
        this.exclusive = exclusive;
        this.temp = new TempArea(root.resolve("tmp"), locks);
        this.content = new ContentStore(root.resolve("blobs/sha256"), temp);
        this.snapshots = new SnapshotStore(root.resolve("snapshots"), content, temp, locks, snapshotter, marks);
        this.images = new ImageStore(root.resolve("images"), temp);
        this.places = new InstructionPlaces(root.resolve("places"), temp);
        this.origins = new BlobOrigins(root.resolve("origins"), temp);
    }

    /// Opens the store in this directory, and makes it if it is not there. It is shared with others, and waits while
    /// somebody has it for himself.
    public static LayerStore open(Path root) throws InterruptedException {
        return open(root, Snapshotter.AUTO);
    }

    /// The same, with layers brought together in this way.
    public static LayerStore open(Path root, Snapshotter snapshotter) throws InterruptedException {
        StoreLocks locks = locks(root);
        try {
            return opened(root, locks, locks.shareStore(), false, snapshotter);
        } catch (InterruptedException | RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    /// Opens the store for looking only: the same as [#open(Path)] if it can be written, and otherwise without sweeping
    /// anything. Whoever then tries to change it gets a [StoreException].
    public static LayerStore openToRead(Path root) throws InterruptedException {
        try {
            return open(root);
        } catch (StoreException e) {
            if (!Files.isReadable(root.resolve("locks/all")) || !StoreFormat.isThere(root)) {
                throw e;
            }
        }
        StoreLocks locks = StoreLocks.openToRead(root.resolve("locks/all"));
        try {
            return new LayerStore(root, locks, locks.shareStore(), false, Snapshotter.AUTO, Marks.FILES);
        } catch (InterruptedException | RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    /// Opens the store for this process alone. It waits until nobody else uses it.
    public static LayerStore openExclusive(Path root) throws InterruptedException {
        StoreLocks locks = locks(root);
        try {
            return opened(root, locks, locks.ownStore(), true, Snapshotter.AUTO);
        } catch (InterruptedException | RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    /// Opens the store for this process alone, if nobody else uses it now.
    public static Optional<LayerStore> tryOpenExclusive(Path root) {
        StoreLocks locks = locks(root);
        try {
            Optional<StoreLock> use = locks.tryOwnStore();
            if (use.isEmpty()) {
                locks.close();
                return Optional.empty();
            }
            return Optional.of(opened(root, locks, use.get(), true, Snapshotter.AUTO));
        } catch (RuntimeException e) {
            locks.close();
            throw e;
        }
    }

    private static StoreLocks locks(Path root) {
        StoreFormat.prepare(root);
        return StoreLocks.open(root.resolve("locks/all"));
    }

    private static LayerStore opened(
            Path root, StoreLocks locks, StoreLock use, boolean exclusive, Snapshotter snapshotter) {
        LayerStore store = new LayerStore(root, locks, use, exclusive, snapshotter, StoreFormat.marks(root));
        try {
            store.temp.sweep();
            store.snapshots.sweepAfterRestart(root.resolve("boot"));
            return store;
        } catch (RuntimeException e) {
            store.temp.close();
            use.close();
            throw e;
        }
    }

    /// Blobs by digest.
    public ContentStore content() {
        return content;
    }

    /// Directory trees of layers.
    public SnapshotStore snapshots() {
        return snapshots;
    }

    /// Names of images.
    public ImageStore images() {
        return images;
    }

    /// Where the instructions stand that the store's images were made with.
    public InstructionPlaces places() {
        return places;
    }

    /// Where blobs came from, and where they were put.
    public BlobOrigins origins() {
        return origins;
    }

    public Path root() {
        return root;
    }

    /// Where the solver keeps its records.
    public Path cacheDir() {
        return root.resolve("cache");
    }

    /// Where the directories of cache mounts lie.
    public Path mountsDir() {
        return root.resolve("mounts");
    }

    /// Where it is recorded what steps failed and can be looked at.
    public Path failedDir() {
        return root.resolve("failed");
    }

    /// Where the indexes of build contexts lie.
    public Path contextsDir() {
        return root.resolve("contexts");
    }

    /// Where git repositories lie, and what is known of URLs.
    public Path sourcesDir() {
        return root.resolve("sources");
    }

    /// A new, empty directory that goes away with this store's use, or is swept when the process dies.
    ///
    /// @param purpose a word, for people who look into the directory
    public Path newTempDir(String purpose) {
        return temp.newDirectory(purpose);
    }

    /// A content store of its own for blobs that are yet to be judged; [ContentStore#adopt] takes over those that are
    /// good. It goes away as a temporary directory does.
    public ContentStore newStagedContent() {
        return new ContentStore(temp.newDirectory("staged"), temp);
    }

    /// Removes such a directory beside other work.
    public void removeSoon(Path tempDir) {
        temp.removeSoon(tempDir);
    }

    /// A file that is written beside and renamed into place, so that nobody sees a part of it.
    public void publish(Path target, byte[] bytes) {
        temp.publish(target, bytes);
    }

    /// Waits for the lock of this name and takes it: against the other threads of this process, and against other
    /// processes. It is not reentrant.
    public StoreLock lock(String name) throws InterruptedException {
        return locks.lock("user/" + name);
    }

    /// The lock of this name, if nobody has it.
    public Optional<StoreLock> tryLock(String name) {
        return locks.tryLock("user/" + name);
    }

    /// Makes everything that was committed safe from power cuts. Costly: once at the end of a build, beside
    /// other work.
    public void sync() {
        snapshots.sync();
    }

    /// What is in the store besides these snapshots, the blobs made of them, and these blobs.
    public Garbage garbage(Set<SnapshotId> keepSnapshots, Set<Digest> keepBlobs) {
        Set<Digest> kept = new HashSet<>(keepBlobs);
        List<SnapshotId> snapshotsToGo = new ArrayList<>();
        List<Digest> blobsToGo = new ArrayList<>();
        long bytes = 0;
        for (SnapshotId id : snapshots.list().toList()) {
            if (keepSnapshots.contains(id)) {
                kept.addAll(snapshots.blobs(id));
            } else {
                snapshotsToGo.add(id);
                bytes += snapshots.size(id);
            }
        }
        for (Digest digest : content.list().toList()) {
            if (!kept.contains(digest)) {
                blobsToGo.add(digest);
                bytes += content.size(digest);
            }
        }
        snapshotsToGo.sort(null);
        blobsToGo.sort(null);
        return new Garbage(snapshotsToGo, blobsToGo, bytes);
    }

    /// Removes garbage. Only for who has the store for himself: somebody else may just have begun to use it.
    public void remove(Garbage garbage) {
        if (!exclusive) {
            throw new IllegalStateException(
                    "the store at " + root + " is shared: open it exclusively to remove garbage");
        }
        garbage.snapshots().forEach(snapshots::remove);
        garbage.blobs().forEach(content::remove);
        garbage.blobs().forEach(places::remove);
        garbage.blobs().forEach(origins::remove);
    }

    /// Removes this use's temporary files and lets others have the store.
    @Override
    public void close() {
        try {
            temp.close();
        } finally {
            use.close();
            locks.close();
        }
    }
}
