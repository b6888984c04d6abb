package dev.jbuild.exporter;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/// Writes the tar archive around an image. The headers are fixed but for name, kind and size, and file contents go from
/// channel to channel without passing through this process where the kernel can do that.
final class ArchiveWriter {
    private static final int BLOCK = 512;
    private static final int CHECKSUM_AT = 148;
    private static final long BIGGEST_OCTAL_SIZE = 0x1_ffff_ffffL;

    private final WritableByteChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private final ExportListener listener;
    private final String thing;
    private final long total;
    private long written;

    /// @param thing what the listener is told to be on its way
    /// @param total how many bytes of file content there will be
    ArchiveWriter(WritableByteChannel out, ExportListener listener, String thing, long total) {
        this.out = out;
        this.listener = listener;
        this.thing = thing;
        this.total = total;
    }

    void directory(String name) throws IOException {
        header(name + "/", '5', 0755, 0);
    }

    void file(String name, byte[] content) throws IOException {
        header(name, '0', 0644, content.length);
        write(content);
        pad(content.length);
        progress(content.length);
    }

    /// A file with the content of a blob.
    void file(String name, ContentStore content, Descriptor blob) throws IOException {
        header(name, '0', 0644, blob.size());
        flush();
        BlobTransfer.transfer(content, blob, out, this::progress);
        pad(blob.size());
    }

    /// Ends the archive. The channel stays open.
    void finish() throws IOException {
        write(new byte[2 * BLOCK]);
        flush();
    }

    private void progress(long bytes) {
        written += bytes;
        listener.progress(thing, written, total);
    }

    private void header(String name, char kind, int mode, long size) throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, octal(mode, 7));
        put(header, 108, octal(0, 7));
        put(header, 116, octal(0, 7));
        if (size <= BIGGEST_OCTAL_SIZE) {
            put(header, 124, octal(size, 11));
        } else {
            header[124] = (byte) 0x80;
            ByteBuffer.wrap(header).putLong(128, size);
        }
        put(header, 136, octal(0, 11));
        put(header, CHECKSUM_AT, "        ");
        header[156] = (byte) kind;
        put(header, 257, "ustar\u000000");
        put(header, 329, octal(0, 7));
        put(header, 337, octal(0, 7));
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, CHECKSUM_AT, octal(sum, 6) + "\0 ");
        write(header);
    }

    private static String octal(long value, int digits) {
        String text = Long.toOctalString(value);
        return "0".repeat(digits - text.length()) + text;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private void pad(long size) throws IOException {
        write(new byte[(int) (-size & (BLOCK - 1))]);
    }

    private void write(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int piece = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, piece);
            at += piece;
        }
    }

    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
    }
}
