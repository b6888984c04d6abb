package dev.jbuild.exporter.sbom;

import dev.jbuild.layerstore.kernel.OpenFile;
import java.io.IOException;
import java.io.InputStream;

/// Pieces of a file, wherever in it they are.
final class FileBytes {
    private final OpenFile file;
    private final long size;

    FileBytes(OpenFile file, long size) {
        this.file = file;
        this.size = size;
    }

    long size() {
        return size;
    }

    /// As many bytes as there are, from this offset on; fewer where the file ends.
    byte[] read(long offset, int length) throws IOException {
        if (offset < 0 || length < 0) {
            throw new BrokenFileException("it points out of itself");
        }
        if (offset >= size) {
            return new byte[0];
        }
        file.seek(offset);
        try (InputStream in = file.input()) {
            return in.readNBytes((int) Math.min(length, size - offset));
        }
    }
}
