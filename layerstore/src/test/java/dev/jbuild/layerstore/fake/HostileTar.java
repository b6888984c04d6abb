package dev.jbuild.layerstore.fake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A tar with any lie in it. It shares no code with our writer, which does not lie.
public final class HostileTar {
    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();
    private final int owner;

    /// @param owner the user and group of all entries
    public HostileTar(int owner) {
        this.owner = owner;
    }

    public HostileTar file(String name, String content) {
        return entry(name, '0', "", 0644, content.getBytes(StandardCharsets.UTF_8));
    }

    public HostileTar directory(String name) {
        return entry(name, '5', "", 0755, new byte[0]);
    }

    public HostileTar symbolicLink(String name, String target) {
        return entry(name, '2', target, 0777, new byte[0]);
    }

    public HostileTar hardLink(String name, String target) {
        return entry(name, '1', target, 0644, new byte[0]);
    }

    /// An entry of any type.
    public HostileTar entry(String name, char type, String link, int mode, byte[] content) {
        byte[] header = header(name, type, link, mode, content.length);
        return raw(seal(header)).raw(content).raw(new byte[-content.length & 511]);
    }

    public HostileTar device(String name, char type, int major, int minor) {
        byte[] header = header(name, type, "", 0644, 0);
        put(header, 329, octal(major, 7));
        put(header, 337, octal(minor, 7));
        return raw(seal(header));
    }

    /// A PAX header with these records, each `key=value`, for the entry that follows.
    public HostileTar pax(String... records) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (String record : records) {
            byte[] bytes = record.getBytes(StandardCharsets.ISO_8859_1);
            int length = bytes.length + 3;
            while (Integer.toString(length).length() + 2 + bytes.length != length) {
                length = Integer.toString(length).length() + 2 + bytes.length;
            }
            content.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
            content.writeBytes(bytes);
            content.write('\n');
        }
        return entry("pax", 'x', "", 0644, content.toByteArray());
    }

    /// Any bytes at all.
    public HostileTar raw(byte[] bytes) {
        tar.writeBytes(bytes);
        return this;
    }

    /// A header without its checksum.
    public byte[] header(String name, char type, String link, int mode, long size) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, octal(mode, 7));
        put(header, 108, octal(owner, 7));
        put(header, 116, octal(owner, 7));
        put(header, 124, octal(size, 11));
        put(header, 136, octal(1_000_000_000, 11));
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar\0" + "00");
        return header;
    }

    /// The header with its checksum.
    public static byte[] seal(byte[] header) {
        put(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, octal(sum, 6) + "\0 ");
        return header;
    }

    /// The archive so far, without the blocks of its end.
    public byte[] unfinished() {
        return tar.toByteArray();
    }

    public byte[] bytes() {
        return raw(new byte[1024]).unfinished();
    }

    private static String octal(long value, int digits) {
        return String.format("%0" + digits + "o", value);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, 100));
    }
}
