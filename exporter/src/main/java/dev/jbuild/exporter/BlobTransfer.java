package dev.jbuild.exporter;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/// Moves a blob of the store to a channel, inside the kernel where it can do that.
///
/// Its bytes are not hashed again: the store verified them before the blob got its name. Its size is checked.
final class BlobTransfer {
    private static final int PIECE = 32 << 20;

    private BlobTransfer() {}

    /// @param moved is told of the bytes that were moved
    /// @throws StoreException if the blob is not there, or not whole
    static void transfer(ContentStore content, Descriptor blob, WritableByteChannel out, LongConsumer moved)
            throws IOException {
        Path path = content.path(blob.digest());
        FileChannel source;
        try {
            source = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw StoreException.of(e, path, "read blob " + blob.digest());
        }
        try (source) {
            if (source.size() != blob.size()) {
                throw damaged(content, blob, source.size());
            }
            for (long at = 0; at < blob.size(); ) {
                long piece = source.transferTo(at, Math.min(blob.size() - at, PIECE), out);
                if (piece <= 0) {
                    throw damaged(content, blob, at);
                }
                at += piece;
                moved.accept(piece);
            }
        }
    }

    private static StoreException damaged(ContentStore content, Descriptor blob, long size) {
        content.remove(blob.digest());
        return new StoreException(
                StoreException.Kind.CORRUPT,
                "blob " + blob.digest() + " has " + size + " bytes in the store instead of " + blob.size()
                        + "; it was removed, so that building again makes it anew");
    }
}
