package dev.jbuild.exporter;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Timestamps;
import dev.jbuild.layerstore.archive.TreeTar;
import dev.jbuild.layerstore.kernel.Kernel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Root file systems as one tar archive. The same files give the same bytes.
final class RootArchive {
    private static final int BUFFER = 64 << 10;

    private final List<RootFileSystems.Part> parts;
    private final Timestamps timestamps;
    private final @Nullable Instant clock;
    private final LayerStore store;

    RootArchive(List<RootFileSystems.Part> parts, @Nullable Instant clock, LayerStore store) {
        this.parts = List.copyOf(parts);
        this.timestamps = clock == null ? Timestamps.asIs() : Timestamps.clampedTo(clock);
        this.clock = clock;
        this.store = store;
    }

    void write(WritableByteChannel out) throws IOException {
        OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(out), BUFFER);
        if (parts.size() == 1 && parts.getFirst().folder() == null) {
            TreeTar.write(parts.getFirst().rootfs(), buffered, timestamps);
        } else {
            writeFolders(buffered);
        }
        buffered.flush();
    }

    // The folders are made as a tree of mounts, which is then one file system like any other.
    private void writeFolders(OutputStream out) throws IOException {
        Path tree = store.newTempDir("tar");
        try {
            for (RootFileSystems.Part part : parts) {
                Path folder = Files.createDirectory(tree.resolve(String.valueOf(part.folder())));
                Kernel.bindMountReadOnly(part.rootfs(), folder);
            }
            Kernel.chmod(tree, 0755);
            Kernel.setTimes(tree, clock == null ? 0 : clock.getEpochSecond(), 0);
            TreeTar.write(tree, out, timestamps);
        } finally {
            Kernel.detachMountsBelow(tree);
            Kernel.removeTree(tree);
        }
    }
}
