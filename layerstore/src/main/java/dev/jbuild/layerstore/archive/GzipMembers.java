package dev.jbuild.layerstore.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// gzip of many members, each compressed on its own, several at a time. The output depends on the input and the level
/// alone.
final class GzipMembers {
    // No time, no name, no operating system: nothing that differs between two runs.
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int MOST_BYTES_IN_FLIGHT = 24 << 20;

    private final OutputStream out;
    private final int level;
    private final ExecutorService threads;
    private final Deque<Member> inFlight = new ArrayDeque<>();
    private long bytesInFlight;
    private long offset;
    private ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private LongConsumer start = _ -> {};

    /// @param start told where the member begins
    private record Member(Future<ByteArrayOutputStream> compressed, int plain, LongConsumer start) {}

    /// @param level as [Deflater] has them
    GzipMembers(OutputStream out, int level, ExecutorService threads) {
        this.out = out;
        this.level = level;
        this.threads = threads;
    }

    void write(byte[] bytes, int offset, int length) {
        plain.write(bytes, offset, length);
    }

    /// Ends the current member, if it has anything in it, and begins another one.
    ///
    /// @param at told where in the output it begins, before [#end()] returns
    void begin(LongConsumer at) throws IOException {
        submit();
        start = at;
    }

    /// How many bytes the current member has so far.
    int pending() {
        return plain.size();
    }

    private void submit() throws IOException {
        if (plain.size() == 0) {
            return;
        }
        ByteArrayOutputStream member = plain;
        while (!inFlight.isEmpty() && bytesInFlight + member.size() > MOST_BYTES_IN_FLIGHT) {
            writeOldest();
        }
        bytesInFlight += member.size();
        inFlight.add(new Member(threads.submit(() -> compressed(member, level)), member.size(), start));
        plain = new ByteArrayOutputStream();
        start = _ -> {};
    }

    /// Ends the current member and writes all that there is.
    void end() throws IOException {
        submit();
        while (!inFlight.isEmpty()) {
            writeOldest();
        }
    }

    /// How long the output is.
    long offset() {
        return offset;
    }

    private void writeOldest() throws IOException {
        Member member = inFlight.remove();
        try {
            ByteArrayOutputStream compressed = member.compressed().get();
            member.start().accept(offset);
            compressed.writeTo(out);
            offset += compressed.size();
            bytesInFlight -= member.plain();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while compressing");
        } catch (ExecutionException e) {
            throw new IOException("cannot compress", e.getCause());
        }
    }

    private static ByteArrayOutputStream compressed(ByteArrayOutputStream plain, int level) {
        byte[] bytes = plain.toByteArray();
        ByteArrayOutputStream member = new ByteArrayOutputStream(bytes.length / 2 + 64);
        member.writeBytes(HEADER);
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] buffer = new byte[16 << 10];
            while (!deflater.finished()) {
                member.write(buffer, 0, deflater.deflate(buffer));
            }
        } finally {
            deflater.end();
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        littleEndian(member, crc.getValue(), 4);
        littleEndian(member, bytes.length, 4);
        return member;
    }

    /// Writes an empty member of 51 bytes, in whose header stands where the table of contents begins.
    void footer(long contents) throws IOException {
        byte[] field = String.format("%016xSTARGZ", contents).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        // The fourth byte says that there is an extra field.
        footer.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 0xff});
        littleEndian(footer, field.length + 4L, 2);
        footer.writeBytes(new byte[] {'S', 'G'});
        littleEndian(footer, field.length, 2);
        footer.writeBytes(field);
        // The last block, stored, of no bytes; then the checksum and the size of nothing.
        footer.writeBytes(new byte[] {1, 0, 0, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 0});
        footer.writeTo(out);
        offset += footer.size();
        out.flush();
    }

    private static void littleEndian(ByteArrayOutputStream bytes, long value, int length) {
        for (int i = 0; i < length; i++) {
            bytes.write((int) (value >> (8 * i)));
        }
    }
}
