package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// Writes what an overlay mount left in its upper directory as a layer.
public final class LayerWriter {
    private LayerWriter() {}

    public static LayerSummary write(Path upper, OutputStream out, Timestamps timestamps) throws IOException {
        throw new UnsupportedOperationException();
    }
}
