package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A root file system that is being changed: layers below, and a directory that takes what is written.
///
/// [SnapshotStore#commit(ActiveSnapshot)] makes a snapshot of it; closed without that, its changes are thrown away.
public final class ActiveSnapshot implements AutoCloseable {
    private final Path work;
    private final List<SnapshotId> parents;
    private final MountStack stack;
    private boolean open = true;

    ActiveSnapshot(Path work, List<SnapshotId> parents, MountStack stack) {
        this.work = work;
        this.parents = List.copyOf(parents);
        this.stack = stack;
    }

    /// The root file system, to be read and written.
    public Path path() {
        return stack.root();
    }

    /// What was written, in overlay's form. Look only while nobody writes.
    public Path upper() {
        return work.resolve(SnapshotStore.FS);
    }

    /// The layers below, the lowest first.
    public List<SnapshotId> parents() {
        return parents;
    }

    /// Unmounts, and leaves only what was written in [#work()]; only once.
    void finish() throws IOException {
        if (!open) {
            throw new IllegalStateException("this snapshot was committed or closed before");
        }
        stack.unmount();
        open = false;
    }

    Path work() {
        return work;
    }

    /// Throws the changes away, unless they were committed.
    @Override
    public void close() {
        if (!open) {
            return;
        }
        try {
            finish();
            Kernel.removeTree(work);
        } catch (IOException e) {
            throw StoreException.of(e, work, "throw an unfinished snapshot away");
        }
    }
}
