package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.kernel.Marks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// Writes what an overlay mount left in its upper directory as a layer's tar. The same tree gives the same bytes:
/// entries are sorted, owners are numbers only, and times are as [Timestamps] says.
public final class LayerWriter {
    private LayerWriter() {}

    /// Writes the layer, whiteouts and opaque directories in the form of the image specification. Sockets are left
    /// out; overlay's own attributes are too.
    ///
    /// @throws dev.jbuild.layerstore.content.StoreException of kind UNSUPPORTED if a file's name means a whiteout
    public static LayerSummary write(Path upper, OutputStream out, Timestamps timestamps) throws IOException {
        return write(upper, out, timestamps, Marks.ofOverlay());
    }

    /// The same for a directory in which these are the marks of what is removed.
    public static LayerSummary write(Path upper, OutputStream out, Timestamps timestamps, Marks marks)
            throws IOException {
        return TreeArchiver.write(upper, new TarWriter(out), timestamps, marks);
    }

    /// The same layer as eStargz, complete with its compression.
    ///
    /// @param level as [Compression#ESTARGZ] has them
    public static EstargzLayer writeEstargz(Path upper, OutputStream out, int level, Timestamps timestamps, Marks marks)
            throws IOException {
        EstargzWriter estargz = new EstargzWriter(out, level, CompressionThreads.shared());
        TreeArchiver.write(upper, estargz, timestamps, marks);
        return estargz.layer();
    }
}
