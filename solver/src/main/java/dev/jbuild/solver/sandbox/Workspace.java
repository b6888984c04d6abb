package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.LayerStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the files of one process lie until it has ended.
public final class Workspace implements AutoCloseable {
    private final LayerStore store;
    private final Path small;
    private @Nullable Path large;

    /// @param small an empty directory
    public Workspace(LayerStore store, Path small) {
        this.store = store;
        this.small = small;
    }

    /// For a few small files: in memory if that can be had. It costs less to make and remove them there than on a disk.
    public Path small() {
        return small;
    }

    /// For whatever a process writes, on the file system of the layers.
    public Path large() {
        Path directory = large;
        if (directory == null) {
            directory = store.newTempDir("exec");
            large = directory;
        }
        return directory;
    }

    /// A directory in the one for small files.
    Path newSmall(String name) throws IOException {
        return Files.createDirectory(small.resolve(name));
    }

    @Override
    public void close() {
        Path directory = large;
        if (directory != null) {
            store.removeSoon(directory);
        }
        store.removeSoon(small);
    }
}
