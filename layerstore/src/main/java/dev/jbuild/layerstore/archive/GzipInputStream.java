package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// gzip of any number of members. The platform's stream takes a pause of the network for the end of the last member
/// and reads in pieces of 512 bytes; this one does neither.
final class GzipInputStream extends PieceInputStream {
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[64 << 10];
    private int position;
    private int limit;
    private long memberSize;
    private boolean begun;
    private boolean inMember;
    private boolean ended;
    private boolean closed;

    GzipInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IOException("this stream was closed");
        }
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            if (!inMember && !nextMember()) {
                ended = true;
                break;
            }
            int n = inflate(bytes, offset, length);
            if (n > 0) {
                crc.update(bytes, offset, n);
                memberSize += n;
                return n;
            }
            if (inflater.finished()) {
                position = limit - inflater.getRemaining();
                trailer();
                inMember = false;
            } else if (inflater.needsDictionary()) {
                throw corrupt("it needs a dictionary");
            } else if (inflater.needsInput()) {
                if (!fill()) {
                    throw corrupt("it ends too early");
                }
                inflater.setInput(buffer, position, limit - position);
            }
        }
        return -1;
    }

    private int inflate(byte[] bytes, int offset, int length) {
        try {
            return inflater.inflate(bytes, offset, length);
        } catch (DataFormatException e) {
            throw corrupt(e.getMessage() == null ? "the compressed data is wrong" : e.getMessage());
        }
    }

    /// Reads a member's header; false if there is no further member.
    private boolean nextMember() throws IOException {
        boolean first = !begun;
        begun = true;
        int magic = tryByte();
        while (!first && magic == 0) {
            // Tapes and some tools fill up with zeros.
            magic = tryByte();
        }
        if (magic < 0) {
            if (first) {
                throw corrupt("it is empty");
            }
            return false;
        }
        if (magic != 0x1f || nextByte() != 0x8b) {
            throw corrupt(first ? "it does not begin as gzip does" : "there is something else after its end");
        }
        if (nextByte() != 8) {
            throw corrupt("its method is not deflate");
        }
        int flags = nextByte();
        skip(6);
        if ((flags & FLAG_EXTRA) != 0) {
            skip(nextByte() | nextByte() << 8);
        }
        if ((flags & FLAG_NAME) != 0) {
            skipText();
        }
        if ((flags & FLAG_COMMENT) != 0) {
            skipText();
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        inflater.setInput(buffer, position, limit - position);
        crc.reset();
        memberSize = 0;
        inMember = true;
        return true;
    }

    private void trailer() throws IOException {
        long expectedCrc = nextInt();
        long expectedSize = nextInt();
        if (expectedCrc != crc.getValue()) {
            throw corrupt("its checksum is wrong");
        }
        if (expectedSize != (memberSize & 0xffffffffL)) {
            throw corrupt("its size is wrong");
        }
    }

    private long nextInt() throws IOException {
        return nextByte() | (long) nextByte() << 8 | (long) nextByte() << 16 | (long) nextByte() << 24;
    }

    private void skipText() throws IOException {
        while (nextByte() != 0) {
            // The name and the comment say nothing of use.
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            nextByte();
        }
    }

    private int nextByte() throws IOException {
        int next = tryByte();
        if (next < 0) {
            throw corrupt("it ends too early");
        }
        return next;
    }

    /// The next byte, or -1 at the end.
    private int tryByte() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return buffer[position++] & 0xff;
    }

    private boolean fill() throws IOException {
        int n = in.read(buffer, 0, buffer.length);
        position = 0;
        limit = Math.max(n, 0);
        return n > 0;
    }

    private static StoreException corrupt(String what) {
        return new StoreException(StoreException.Kind.CORRUPT, "not valid gzip data: " + what);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            inflater.end();
            in.close();
        }
    }
}
