package dev.jbuild.layerstore.archive;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes a tar: POSIX headers, and before each what does not fit into one as a PAX header, whose values are bytes.
/// There is one way to write an entry, so that equal entries give equal bytes.
final class TarWriter implements TarOutput {
    private static final byte[] ZEROS = new byte[2 * TarHeader.BLOCK];
    private static final long BIGGEST_ID = 07777777;
    private static final long BIGGEST_NUMBER = 077777777777L;
    private static final int COPY = 128 << 10;

    private final OutputStream out;
    private final byte[] buffer = new byte[COPY];

    TarWriter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void header(TarEntry entry) throws IOException {
        SortedMap<String, byte[]> pax = pax(entry);
        if (!pax.isEmpty()) {
            byte[] records = records(pax);
            byte[] header = new byte[TarHeader.BLOCK];
            put(header, TarHeader.NAME, paxName(entry.name()), TarHeader.NAME_LENGTH);
            number(header, TarHeader.MODE, TarHeader.ID_LENGTH, 0644);
            number(header, TarHeader.UID, TarHeader.ID_LENGTH, 0);
            number(header, TarHeader.GID, TarHeader.ID_LENGTH, 0);
            number(header, TarHeader.SIZE, TarHeader.NUMBER_LENGTH, records.length);
            number(header, TarHeader.MTIME, TarHeader.NUMBER_LENGTH, 0);
            header[TarHeader.TYPE] = TarHeader.PAX;
            finish(header);
            out.write(records);
            pad(records.length);
        }
        byte[] header = new byte[TarHeader.BLOCK];
        put(header, TarHeader.NAME, entry.name(), TarHeader.NAME_LENGTH);
        number(header, TarHeader.MODE, TarHeader.ID_LENGTH, entry.mode());
        number(header, TarHeader.UID, TarHeader.ID_LENGTH, entry.uid() > BIGGEST_ID ? 0 : entry.uid());
        number(header, TarHeader.GID, TarHeader.ID_LENGTH, entry.gid() > BIGGEST_ID ? 0 : entry.gid());
        number(header, TarHeader.SIZE, TarHeader.NUMBER_LENGTH, entry.size() > BIGGEST_NUMBER ? 0 : entry.size());
        number(header, TarHeader.MTIME, TarHeader.NUMBER_LENGTH, fits(entry.mtimeSeconds()) ? entry.mtimeSeconds() : 0);
        header[TarHeader.TYPE] = entry.type();
        put(header, TarHeader.LINK, entry.link(), TarHeader.NAME_LENGTH);
        if (entry.type() == TarHeader.CHARACTER_DEVICE || entry.type() == TarHeader.BLOCK_DEVICE) {
            number(header, TarHeader.DEVICE_MAJOR, TarHeader.ID_LENGTH, entry.deviceMajor());
            number(header, TarHeader.DEVICE_MINOR, TarHeader.ID_LENGTH, entry.deviceMinor());
        }
        finish(header);
    }

    @Override
    public void content(InputStream in, long size, String shown) throws IOException {
        long left = size;
        while (left > 0) {
            Interruption.check();
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException(shown + " became shorter while it was read");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
        pad(size);
    }

    @Override
    public void finish() throws IOException {
        out.write(ZEROS);
    }

    private static SortedMap<String, byte[]> pax(TarEntry entry) {
        SortedMap<String, byte[]> pax = new TreeMap<>();
        if (!fits(entry.name())) {
            pax.put("path", entry.name());
        }
        if (!fits(entry.link())) {
            pax.put("linkpath", entry.link());
        }
        if (entry.uid() > BIGGEST_ID) {
            pax.put("uid", text(Long.toString(entry.uid())));
        }
        if (entry.gid() > BIGGEST_ID) {
            pax.put("gid", text(Long.toString(entry.gid())));
        }
        if (entry.size() > BIGGEST_NUMBER) {
            pax.put("size", text(Long.toString(entry.size())));
        }
        if (entry.mtimeNanos() != 0 || !fits(entry.mtimeSeconds())) {
            pax.put("mtime", text(time(entry.mtimeSeconds(), entry.mtimeNanos())));
        }
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            pax.put(TarHeader.XATTR + xattr.getKey(), xattr.getValue());
        }
        return pax;
    }

    /// Whether a name needs no PAX header: it is short, and there is no doubt about its charset.
    private static boolean fits(byte[] name) {
        if (name.length > TarHeader.NAME_LENGTH) {
            return false;
        }
        for (byte b : name) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean fits(long mtime) {
        return mtime >= 0 && mtime <= BIGGEST_NUMBER;
    }

    /// Seconds with a fraction: -1.5 is what the kernel calls -2 seconds and 500,000,000 nanoseconds.
    static String time(long seconds, int nanos) {
        if (nanos == 0) {
            return Long.toString(seconds);
        }
        boolean negative = seconds < 0;
        long whole = negative ? -(seconds + 1) : seconds;
        int fraction = negative ? 1_000_000_000 - nanos : nanos;
        String digits = Integer.toString(1_000_000_000 + fraction).substring(1).replaceFirst("0+$", "");
        return (negative ? "-" : "") + whole + "." + digits;
    }

    /// PAX records, each of which begins with its own length, the digits of the length included.
    static byte[] records(SortedMap<String, byte[]> pax) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> entry : pax.entrySet()) {
            byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
            int rest = key.length + entry.getValue().length + 3;
            int length = rest + Integer.toString(rest).length();
            length = rest + Integer.toString(length).length();
            records.writeBytes(text(length + " "));
            records.writeBytes(key);
            records.write('=');
            records.writeBytes(entry.getValue());
            records.write('\n');
        }
        return records.toByteArray();
    }

    /// A name for the header's own entry, for tools that know no PAX.
    private static byte[] paxName(byte[] name) {
        int end = name.length;
        while (end > 0 && name[end - 1] == '/') {
            end--;
        }
        int start = end;
        while (start > 0 && name[start - 1] != '/') {
            start--;
        }
        byte[] prefix = text("PaxHeaders.0/");
        int length = Math.min(end - start, TarHeader.NAME_LENGTH - prefix.length);
        byte[] full = Arrays.copyOf(prefix, prefix.length + length);
        for (int i = 0; i < length; i++) {
            byte b = name[start + i];
            full[prefix.length + i] = b < 0 ? (byte) '_' : b;
        }
        return full;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(byte[] header, int at, byte[] value, int length) {
        System.arraycopy(value, 0, header, at, Math.min(value.length, length));
    }

    /// Octal digits and a zero byte.
    private static void number(byte[] header, int at, int length, long value) {
        long left = value;
        for (int i = at + length - 2; i >= at; i--) {
            header[i] = (byte) ('0' + (left & 7));
            left >>>= 3;
        }
    }

    private void finish(byte[] header) throws IOException {
        put(header, TarHeader.MAGIC, text("ustar\0" + "00"), 8);
        // Six digits, a zero byte and a blank: so the oldest tars wrote it, and so all read it.
        number(header, TarHeader.CHECKSUM, 7, TarHeader.checksum(header));
        header[TarHeader.CHECKSUM + 7] = ' ';
        out.write(header);
    }

    /// Fills up the last block of content of this size.
    void pad(long size) throws IOException {
        out.write(ZEROS, 0, TarHeader.padding(size));
    }
}
