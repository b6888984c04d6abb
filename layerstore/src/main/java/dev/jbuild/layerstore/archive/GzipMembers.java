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

/// gzip of many members, each compressed on its own, several at a time. The output depends on the input and
/// the level alone.
final class GzipMembers {
    // No time, no name, no operating system: nothing that differs between two runs.
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int LARGE = 1 << 20;
    private static final int MOST_SPARE = 12;

    // Enough for every core to have the next member when it is done with one.
    private final long mostBytesInFlight =
            Math.min(24 << 20, (Runtime.getRuntime().availableProcessors() + 1L) * (4 << 20));

    private final OutputStream out;
    private final int level;
    private final ExecutorService threads;
    private final Deque<Member> inFlight = new ArrayDeque<>();
    private long bytesInFlight;
    private long offset;
    // What was allocated once for large members: allocated anew for each, it would fill the heap faster
    // than it is collected.
    private final Deque<Bytes> spare = new ArrayDeque<>();
    private Bytes plain = new Bytes(32);
    private LongConsumer start = _ -> {};

    /// @param start told where the member begins
    private record Member(Future<Bytes> compressed, Bytes plain, LongConsumer start) {}

    /// Bytes that can be read where they are.
    private static final class Bytes extends ByteArrayOutputStream {
        Bytes(int capacity) {
            super(capacity);
        }

        byte[] array() {
            return buf;
        }
    }

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
        Bytes member = plain;
        while (!inFlight.isEmpty() && bytesInFlight + member.size() > mostBytesInFlight) {
            writeOldest();
        }
        bytesInFlight += member.size();
        // As much as what cannot be compressed becomes.
        int most = member.size() + (member.size() >> 10) + 64;
        Bytes compressed = member.size() < LARGE ? new Bytes(member.size() / 2 + 64) : buffer(most);
        inFlight.add(new Member(threads.submit(() -> compress(member, compressed, level)), member, start));
        plain = buffer(32);
        start = _ -> {};
    }

    private Bytes buffer(int capacity) {
        Bytes there = spare.poll();
        return there == null ? new Bytes(capacity) : there;
    }

    private void keep(Bytes done) {
        if (done.array().length >= LARGE && spare.size() < MOST_SPARE) {
            done.reset();
            spare.add(done);
        }
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
            Bytes compressed = member.compressed().get();
            member.start().accept(offset);
            compressed.writeTo(out);
            offset += compressed.size();
            bytesInFlight -= member.plain().size();
            keep(compressed);
            keep(member.plain());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while compressing");
        } catch (ExecutionException e) {
            throw new IOException("cannot compress", e.getCause());
        }
    }

    private static Bytes compress(Bytes plain, Bytes member, int level) {
        member.writeBytes(HEADER);
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(plain.array(), 0, plain.size());
            deflater.finish();
            byte[] buffer = new byte[16 << 10];
            while (!deflater.finished()) {
                member.write(buffer, 0, deflater.deflate(buffer));
            }
        } finally {
            deflater.end();
        }
        CRC32 crc = new CRC32();
        crc.update(plain.array(), 0, plain.size());
        littleEndian(member, crc.getValue(), 4);
        littleEndian(member, plain.size(), 4);
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
