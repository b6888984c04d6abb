package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Unpacks layers and other tars into a directory that nothing in the tar can lead out of.
public final class LayerApplier {
    private LayerApplier() {}

    public static LayerSummary apply(InputStream tar, Path directory, ApplyMode mode)
            throws IOException, NeedsParentsException {
        throw new UnsupportedOperationException();
    }
}
