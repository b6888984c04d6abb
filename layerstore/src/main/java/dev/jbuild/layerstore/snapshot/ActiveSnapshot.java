package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A root file system that is being changed: layers below, and a directory that takes what is written.
///
/// [SnapshotStore#commit(ActiveSnapshot)] makes a snapshot of it; closed without that, its changes are thrown away.
public final class ActiveSnapshot implements AutoCloseable {
    private final Path work;
    private final List<SnapshotId> parents;
    private final MountStack stack;
    private final @Nullable CopiedRoot copy;
    private boolean open = true;

    /// @param copy a root file system that is a copy, and then nothing is mounted
    ActiveSnapshot(Path work, List<SnapshotId> parents, MountStack stack, @Nullable CopiedRoot copy) {
        this.work = work;
        this.parents = List.copyOf(parents);
        this.stack = stack;
        this.copy = copy;
    }

    /// The root file system, to be read and written.
    public Path path() {
        return copy == null ? stack.root() : copy.path();
    }

    /// Whether the root file system is a plain directory and not a mount: whatever is put there for a while has to be
    /// taken away before the commit.
    public boolean plain() {
        return copy != null || stack.root().equals(work.resolve(SnapshotStore.FS));
    }

    /// Whether this file of the root file system is as it was when this began; of a directory, whether its own
    /// attributes and the names in it are.
    public boolean isUntouched(Path path) {
        try {
            return copy == null || copy.isUntouched(path);
        } catch (IOException e) {
            throw StoreException.of(e, path, "compare a file with what it was");
        }
    }

    /// What was done to this file so far is not to count as a change: its times and names were put back.
    public void acknowledge(Path path) {
        try {
            if (copy != null) {
                copy.acknowledge(path);
            }
        } catch (IOException e) {
            throw StoreException.of(e, path, "note what a file looks like");
        }
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
        if (copy != null) {
            copy.write(work.resolve(SnapshotStore.FS));
        }
        stack.unmount();
        open = false;
    }

    /// After [#finish()], when the layer has its name.
    void published(SnapshotId id) throws IOException {
        if (copy != null) {
            copy.keepWith(id);
        }
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
            open = false;
            stack.unmount();
            if (copy != null) {
                copy.discard();
            }
            Kernel.removeTree(work);
        } catch (IOException e) {
            throw StoreException.of(e, work, "throw an unfinished snapshot away");
        }
    }
}
