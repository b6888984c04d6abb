package dev.jbuild.exporter;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Root file systems as one tar archive.
final class RootArchive {
    RootArchive(List<RootFileSystems.Part> parts, @Nullable Instant clock) {}

    void write(WritableByteChannel out) throws IOException {}
}
