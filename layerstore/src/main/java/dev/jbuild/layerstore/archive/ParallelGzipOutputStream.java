package dev.jbuild.layerstore.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// gzip of one member, on many threads.
///
/// The input is cut into blocks of one size, and each is deflated on its own with the 32 KiB before it as its
/// dictionary, so that nearly nothing is lost by the cuts. The output depends on the input and the level alone.
final class ParallelGzipOutputStream extends OutputStream {
    static final int BLOCK = 1 << 20;
    private static final int DICTIONARY = 32 << 10;

    private final OutputStream out;
    private final int level;
    private final ExecutorService threads;
    private final int mostInFlight = 2 * Runtime.getRuntime().availableProcessors() + 1;
    private final Deque<Future<Deflated>> inFlight = new ArrayDeque<>();
    private final Deque<byte[]> spare = new ArrayDeque<>();
    private final CRC32 crc = new CRC32();
    private byte[] block = new byte[BLOCK];
    private byte[] dictionary = new byte[0];
    private int filled;
    private long size;
    private boolean closed;

    /// A block's deflated bytes, and its buffer to be used again.
    @SuppressWarnings("ArrayRecordComponent") // bytes are what it is about; two are never compared
    private record Deflated(ByteArrayOutputStream bytes, byte[] block) {}

    /// @param level as [Deflater] has them
    ParallelGzipOutputStream(OutputStream out, int level, ExecutorService threads) throws IOException {
        this.out = out;
        this.level = level;
        this.threads = threads;
        // No time, no name, no operating system: nothing that differs between two runs.
        out.write(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IOException("this stream was closed");
        }
        crc.update(bytes, offset, length);
        size += length;
        int done = 0;
        while (done < length) {
            if (filled == BLOCK) {
                submit(false);
            }
            int n = Math.min(length - done, BLOCK - filled);
            System.arraycopy(bytes, offset + done, block, filled, n);
            filled += n;
            done += n;
        }
    }

    private void submit(boolean last) throws IOException {
        byte[] input = block;
        int length = filled;
        byte[] before = dictionary;
        if (!last) {
            dictionary = new byte[DICTIONARY];
            System.arraycopy(input, length - DICTIONARY, dictionary, 0, DICTIONARY);
        }
        while (inFlight.size() >= mostInFlight) {
            writeOldest();
        }
        inFlight.add(threads.submit(() -> new Deflated(deflate(input, length, before, level, last), input)));
        byte[] next = spare.poll();
        block = next == null && !last ? new byte[BLOCK] : Objects.requireNonNullElse(next, block);
        filled = 0;
    }

    private static ByteArrayOutputStream deflate(byte[] input, int length, byte[] dictionary, int level, boolean last) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setDictionary(dictionary);
            deflater.setInput(input, 0, length);
            if (last) {
                deflater.finish();
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(length / 2 + 64);
            byte[] buffer = new byte[64 << 10];
            while (true) {
                int n = deflater.deflate(buffer, 0, buffer.length, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
                bytes.write(buffer, 0, n);
                boolean done = last ? deflater.finished() : n < buffer.length;
                if (done) {
                    return bytes;
                }
            }
        } finally {
            deflater.end();
        }
    }

    private void writeOldest() throws IOException {
        try {
            Deflated deflated = inFlight.remove().get();
            spare.add(deflated.block());
            deflated.bytes().writeTo(out);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while compressing");
        } catch (ExecutionException e) {
            throw new IOException("cannot compress", e.getCause());
        }
    }

    /// Writes what is left, and the end of the member.
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        submit(true);
        while (!inFlight.isEmpty()) {
            writeOldest();
        }
        out.write(littleEndian(crc.getValue()));
        out.write(littleEndian(size));
        out.flush();
    }

    private static byte[] littleEndian(long value) {
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)};
    }
}
