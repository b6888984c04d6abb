package dev.jbuild.exporter;

import dev.jbuild.layerstore.archive.Timestamps;
import dev.jbuild.layerstore.archive.TreeTar;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Root file systems as one tar archive. The same files give the same bytes.
final class RootArchive {
    private static final int BUFFER = 64 << 10;

    private final List<RootFileSystems.Part> parts;
    private final Timestamps timestamps;

    RootArchive(List<RootFileSystems.Part> parts, @Nullable Instant clock) {
        this.parts = List.copyOf(parts);
        this.timestamps = clock == null ? Timestamps.asIs() : Timestamps.clampedTo(clock);
    }

    void write(WritableByteChannel out) throws IOException {
        attestations(out);
        OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(out), BUFFER);
        if (parts.size() == 1 && parts.getFirst().folder() == null) {
            TreeTar.write(parts.getFirst().rootfs(), buffered, timestamps);
        } else {
            SortedMap<String, Path> folders = new TreeMap<>();
            parts.forEach(part -> folders.put(String.valueOf(part.folder()), part.rootfs()));
            TreeTar.write(folders, buffered, timestamps);
        }
        buffered.flush();
    }

    // They come first and the archive goes on after them.
    private void attestations(WritableByteChannel out) throws IOException {
        ArchiveWriter archive = new ArchiveWriter(out, ExportListener.NONE, "writing attestations", 0);
        for (RootFileSystems.Part part : parts) {
            String prefix = part.folder() == null ? "" : part.folder() + "/";
            for (Map.Entry<String, byte[]> file : part.attestations().entrySet()) {
                archive.file(prefix + file.getKey(), file.getValue());
            }
        }
        archive.flush();
    }
}
