package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Layers as one root file system, to be read only. It may be the very directory of a snapshot: never write there.
public final class MountedView implements AutoCloseable {
    private final List<SnapshotId> layers;
    private final Path path;
    private final @Nullable Path work;
    private final @Nullable MountStack stack;
    private boolean open = true;

    /// @param work the view's own directory, if it needed one
    MountedView(List<SnapshotId> layers, Path path, @Nullable Path work, @Nullable MountStack stack) {
        this.layers = List.copyOf(layers);
        this.path = path;
        this.work = work;
        this.stack = stack;
    }

    /// The root file system.
    public Path path() {
        return path;
    }

    /// Its layers, the lowest first.
    public List<SnapshotId> layers() {
        return layers;
    }

    /// Takes the view away, also from under somebody who still reads there.
    @Override
    public synchronized void close() {
        if (!open || work == null) {
            return;
        }
        open = false;
        try {
            if (stack != null) {
                stack.detach();
            }
            Kernel.removeTree(work);
        } catch (IOException e) {
            throw StoreException.of(e, path, "take a view of a snapshot away");
        }
    }
}
