package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.Fields;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.content.StoreLocks;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.oci.ChainId;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Directory trees of layers: `snapshots/<id>/fs`, in overlay's form, with what is known of it beside.
///
/// A snapshot never changes once it is published, and it is published by one rename. Power cuts are another matter:
/// writing every file through to the disk would take longer than making it, so that a snapshot counts only until the
/// machine's next start, unless it was synced before.
public final class SnapshotStore {
    static final String FS = "fs";
    private static final String META = "meta";
    private static final String SIZE = "size";
    private static final String DURABLE = "durable";

    private final Path folder;
    private final TempArea temp;
    private final StoreLocks locks;
    private final Unpacker unpacker;
    private final LayerBlobs blobs;
    private final RootFileSystems roots;
    /// What is recorded of snapshots in use, which nobody removes: of each layer it is asked at every step above it.
    private final Map<SnapshotId, Meta> used = new ConcurrentHashMap<>();

    /// The snapshots in this folder.
    ///
    /// @param folder where the snapshots lie; on the same file system as the temporary files
    /// @param marks what removes something in layers here
    public SnapshotStore(
            Path folder, ContentStore content, TempArea temp, StoreLocks locks, Snapshotter snapshotter, Marks marks) {
        this.folder = folder;
        this.temp = temp;
        this.locks = locks;
        this.unpacker = new Unpacker(this, temp, locks, marks);
        this.blobs = new LayerBlobs(this, content, temp, locks, marks);
        this.roots = new RootFileSystems(this, temp, snapshotter, marks);
    }

    /// Whether the snapshot is there and can be relied on.
    public boolean contains(SnapshotId id) {
        return Files.exists(directory(id).resolve(DURABLE)) || meta(id) != null;
    }

    /// The snapshot's tree, with overlay's marks in it. Never write there.
    public Path fs(SnapshotId id) {
        return directory(id).resolve(FS);
    }

    Path directory(SnapshotId id) {
        return folder.resolve(id.value());
    }

    /// What is recorded of a snapshot that can be relied on, or null.
    @Nullable
    Meta meta(SnapshotId id) {
        Path directory = directory(id);
        try {
            Meta meta = Meta.of(Fields.read(directory.resolve(META)));
            boolean reliable = meta.boot().equals(BootId.current()) || Files.exists(directory.resolve(DURABLE));
            return reliable ? meta : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw StoreException.of(e, directory, "read the record of snapshot " + id);
        }
    }

    private Meta requiredMeta(SnapshotId id) {
        Meta meta = used.get(id);
        if (meta == null) {
            meta = meta(id);
        }
        if (meta == null) {
            throw new StoreException(
                    StoreException.Kind.MISSING, "snapshot " + id + " is not in the store", directory(id), null);
        }
        used.put(id, meta);
        return meta;
    }

    /// The apparent size of the snapshot's files in bytes. Counted once, when first asked for.
    public long size(SnapshotId id) {
        Path file = directory(id).resolve(SIZE);
        try {
            return Fields.read(file).number("bytes");
        } catch (NoSuchFileException e) {
            requiredMeta(id);
        } catch (IOException e) {
            throw StoreException.of(e, file, "read the size of snapshot " + id);
        }
        try {
            long bytes = TreeSize.of(fs(id));
            if (Files.isWritable(directory(id))) {
                temp.publish(file, new Fields().with("bytes", Long.toString(bytes)));
            }
            return bytes;
        } catch (IOException e) {
            throw StoreException.of(e, fs(id), "measure snapshot " + id);
        }
    }

    /// The snapshot of the topmost of these layers, as it is above the others, if it was unpacked before.
    public Optional<SnapshotId> find(List<DiffId> chain) {
        SnapshotId alone = SnapshotId.of(chain.getLast());
        Meta meta = meta(alone);
        if (meta != null && (meta.alone() || chain.size() == 1)) {
            return Optional.of(alone);
        }
        SnapshotId above = SnapshotId.of(ChainId.of(chain));
        return chain.size() > 1 && contains(above) ? Optional.of(above) : Optional.empty();
    }

    /// Unpacks the topmost of these layers, unless it was before, and verifies its diff ID. Whoever asks for the
    /// same layer at the same time, in this process or another, waits for the one that does it.
    ///
    /// @param chain diff IDs, the lowest first; the last is that of the layer to unpack
    /// @param below gives the snapshots of the layers below, the lowest first; it is asked only for a layer that
    ///     cannot be unpacked alone, and may wait for them
    public SnapshotId unpack(List<DiffId> chain, LowerSnapshots below, LayerSource source) throws InterruptedException {
        return unpacker.unpack(chain, below, source);
    }

    /// The snapshots of the layers below another.
    @FunctionalInterface
    public interface LowerSnapshots {
        List<SnapshotId> await() throws InterruptedException;
    }

    /// A root file system of these layers, the lowest first, to be changed.
    public ActiveSnapshot prepare(List<SnapshotId> lowestFirst) {
        return prepare(lowestFirst, List.of(), List.of());
    }

    /// A root file system of these layers, the lowest first, to be changed.
    ///
    /// @param below directories below the layers that are seen but are not part of the result: places to mount on
    /// @param covers the same over the layers. Where the root file system is a plain directory, there are neither.
    public ActiveSnapshot prepare(List<SnapshotId> lowestFirst, List<Path> below, List<Path> covers) {
        return roots.prepare(mountable(lowestFirst), below, covers);
    }

    /// These layers, the lowest first, as one root file system to be read.
    public MountedView view(List<SnapshotId> lowestFirst) {
        List<SnapshotId> lowers = mountable(lowestFirst);
        return lowers.size() == 1 && !requiredMeta(lowers.getFirst()).whiteouts()
                ? MountedView.plain(lowers.getFirst(), fs(lowers.getFirst()))
                : roots.view(lowers);
    }

    /// Makes a snapshot of what was written. Where layers are mounted, nothing is copied and nothing scanned: the
    /// directory gets its name.
    public SnapshotId commit(ActiveSnapshot active) {
        SnapshotId id = SnapshotId.random();
        boolean bottom = active.parents().isEmpty();
        publish(active, id, new Meta(BootId.current(), true, true, !bottom));
        return id;
    }

    void publish(ActiveSnapshot active, SnapshotId id, Meta meta) {
        try {
            active.finish();
        } catch (IOException e) {
            throw StoreException.of(e, active.path(), "finish a snapshot");
        }
        publish(active.work(), id, meta);
        try {
            active.published(id);
        } catch (IOException e) {
            throw StoreException.of(e, active.path(), "keep a root file system");
        }
    }

    /// Makes `work`, a directory with the tree in `fs`, the snapshot of this name. Whoever publishes a name that
    /// others may publish too holds its lock.
    void publish(Path work, SnapshotId id, Meta meta) {
        Path target = directory(id);
        try {
            for (String other : MountStack.DIRECTORIES) {
                if (Files.exists(work.resolve(other))) {
                    Path away = temp.newFile("unmounted");
                    Files.move(work.resolve(other), away, StandardCopyOption.ATOMIC_MOVE);
                    temp.removeSoon(away);
                }
            }
            Files.write(work.resolve(META), meta.fields().bytes());
            if (Files.exists(target)) {
                // Left over from before a power cut.
                temp.discard(target);
            }
            Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StoreException.of(e, target, "publish snapshot " + id);
        }
    }

    /// The snapshot as a blob of the store. Made once for each format; whoever asks for the same one
    /// meanwhile waits.
    public LayerBlob blob(SnapshotId id, LayerFormat format) throws InterruptedException {
        requiredMeta(id);
        return blobs.blob(id, format);
    }

    /// The digests of all blobs that were made of this snapshot, whether or not they are still there.
    public List<Digest> blobs(SnapshotId id) {
        return blobs.recorded(id).stream()
                .map(LayerBlob::descriptor)
                .map(Descriptor::digest)
                .toList();
    }

    /// Removes a snapshot; it is no error if it is not there. Nobody may be using it.
    public void remove(SnapshotId id) {
        used.remove(id);
        Path directory = directory(id);
        if (Files.exists(directory)) {
            temp.discard(directory);
        }
    }

    /// Every snapshot that can be relied on, in no order.
    public Stream<SnapshotId> list() {
        return listAll().filter(this::contains);
    }

    private Stream<SnapshotId> listAll() {
        try (Stream<Path> files = Files.list(folder)) {
            List<SnapshotId> ids = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[a-z0-9]{1,64}"))
                    .map(SnapshotId::new)
                    .toList();
            return ids.stream();
        } catch (IOException e) {
            throw StoreException.of(e, folder, "list the snapshots");
        }
    }

    /// Once after every start of the machine, removes the snapshots that were not safe from its end.
    ///
    /// @param record a file that remembers the last start for which this was done
    public void sweepAfterRestart(Path record) {
        String boot = BootId.current();
        try {
            if (Files.readString(record).equals(boot)) {
                return;
            }
        } catch (NoSuchFileException e) {
            // A new store, or one that was never swept.
        } catch (IOException e) {
            throw StoreException.of(e, record, "read a record");
        }
        listAll().filter(id -> !contains(id)).forEach(this::removeUnlessMadeAgain);
        temp.publish(record, boot.getBytes(StandardCharsets.US_ASCII));
    }

    @SuppressWarnings("try") // a lock is only held
    private void removeUnlessMadeAgain(SnapshotId id) {
        Optional<StoreLock> lock = locks.tryLock(lockName(id));
        if (lock.isEmpty()) {
            // Somebody makes it anew just now, and will put it in the place of what is there.
            return;
        }
        try (StoreLock held = lock.get()) {
            if (!contains(id)) {
                remove(id);
            }
        }
    }

    /// Whoever publishes or sweeps a snapshot whose name others know too holds this lock.
    static String lockName(SnapshotId id) {
        return "snapshot/" + id;
    }

    /// Writes everything to the disk, and marks every snapshot there is now as safe from power cuts.
    public void sync() {
        try {
            List<Path> marks = list().map(id -> directory(id).resolve(DURABLE))
                    .filter(mark -> !Files.exists(mark))
                    .toList();
            if (marks.isEmpty()) {
                return;
            }
            Kernel.syncFileSystem(folder);
            for (Path mark : marks) {
                mark(mark);
            }
        } catch (IOException e) {
            throw StoreException.of(e, folder, "write the store to the disk");
        }
    }

    private static void mark(Path mark) throws IOException {
        try {
            Files.write(mark, new byte[0]);
        } catch (NoSuchFileException e) {
            // Removed meanwhile.
        }
    }

    /// A new root directory, as every image has it unless it says otherwise.
    static Path newRoot(Path work) {
        Path root = work.resolve(FS);
        try {
            Files.createDirectory(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            return root;
        } catch (IOException e) {
            throw StoreException.of(e, root, "make a directory");
        }
    }

    /// The topmost of these layers whose root directory has an owner and a mode of its own, as an overlay's root has
    /// those of its topmost layer.
    @Nullable
    Path ownRoot(List<SnapshotId> lowestFirst) {
        for (SnapshotId lower : lowestFirst.reversed()) {
            if (requiredMeta(lower).root()) {
                return fs(lower);
            }
        }
        return null;
    }

    private List<SnapshotId> mountable(List<SnapshotId> lowestFirst) {
        lowestFirst.forEach(this::requiredMeta);
        if (lowestFirst.size() > MountStack.MOST_LAYERS) {
            throw new StoreException(
                    StoreException.Kind.UNSUPPORTED,
                    lowestFirst.size() + " layers cannot be mounted: the kernel takes " + MountStack.MOST_LAYERS);
        }
        return lowestFirst;
    }
}
