package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Layers as one root file system, to be read only. It may be the very directory of a snapshot: never write there.
public final class MountedView implements AutoCloseable {
    private final List<SnapshotId> layers;
    private final Path path;
    private final Ending ending;
    private boolean open = true;

    /// What is to be done at the end.
    interface Ending {
        void run() throws IOException;
    }

    MountedView(List<SnapshotId> layers, Path path, Ending ending) {
        this.layers = List.copyOf(layers);
        this.path = path;
        this.ending = ending;
    }

    /// The very directory of a snapshot.
    static MountedView plain(SnapshotId layer, Path path) {
        return new MountedView(List.of(layer), path, () -> {});
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
        if (!open) {
            return;
        }
        open = false;
        try {
            ending.run();
        } catch (IOException e) {
            throw StoreException.of(e, path, "take a view of a snapshot away");
        }
    }
}
