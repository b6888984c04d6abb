package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.SortedMap;

/// Writes a whole root file system as a tar, without any notion of layers.
public final class TreeTar {
    private TreeTar() {}

    /// Writes the tree as [LayerWriter] does, but for whiteouts: here a name is only a name.
    public static LayerSummary write(Path root, OutputStream out, Timestamps timestamps) throws IOException {
        return TreeArchiver.write(root, new TarWriter(out), timestamps, null);
    }

    /// Writes several trees, each in a folder of this name, as one archive. Folders have the owner, permissions and
    /// time of their tree's root directory.
    public static void write(SortedMap<String, Path> folders, OutputStream out, Timestamps timestamps)
            throws IOException {
        TreeArchiver.writeFolders(folders, out, timestamps);
    }
}
