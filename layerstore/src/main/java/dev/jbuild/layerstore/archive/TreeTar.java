package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// Writes a whole root file system as a tar, without any notion of layers.
public final class TreeTar {
    private TreeTar() {}

    /// Writes the tree as [LayerWriter] does, but for whiteouts: here a name is only a name.
    public static LayerSummary write(Path root, OutputStream out, Timestamps timestamps) throws IOException {
        return TreeArchiver.write(root, out, timestamps, false);
    }
}
