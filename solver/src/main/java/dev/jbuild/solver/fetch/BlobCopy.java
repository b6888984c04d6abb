package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;

/// Brings a blob into the content store.
final class BlobCopy {
    private static final int BUFFER = 256 * 1024;

    private BlobCopy() {}

    /// Hears how many bytes have come.
    interface Listener {
        void progress(long current, long total);
    }

    static void into(ContentStore content, InputStream in, Descriptor blob, Listener listener) throws IOException {
        try (BlobWriter writer = content.newBlob()) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                writer.out().write(buffer, 0, read);
                listener.progress(writer.size(), blob.size());
            }
            writer.commit(blob.digest());
        }
    }
}
