package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.oci.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A blob that is stored while it is read. It is in the content store once it was read to its end.
final class StoringStream extends FilterInputStream {
    private final BlobWriter writer;
    private final Descriptor blob;
    private final BlobCopy.Listener listener;
    private boolean committed;

    StoringStream(InputStream in, BlobWriter writer, Descriptor blob, BlobCopy.Listener listener) {
        super(in);
        this.writer = writer;
        this.blob = blob;
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = in.read(buffer, offset, length);
        if (read > 0) {
            writer.out().write(buffer, offset, read);
            listener.progress(writer.size(), blob.size());
        } else if (read < 0 && !committed) {
            writer.commit(blob.digest());
            committed = true;
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        // What is skipped would be missing in the store.
        byte[] skipped = new byte[(int) Math.min(count, 8192)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        try (writer) {
            super.close();
        }
    }
}
