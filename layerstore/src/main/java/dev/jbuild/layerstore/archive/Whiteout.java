package dev.jbuild.layerstore.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The names by which a layer says that something of the layers below is removed.
final class Whiteout {
    /// Before the name of what is removed.
    static final byte[] PREFIX = bytes(".wh.");

    /// Before names that some storage driver used for itself; they are no whiteouts and no files of the image.
    static final byte[] RESERVED = bytes(".wh..wh.");

    /// In a directory of which nothing below is to be seen.
    static final byte[] OPAQUE = bytes(".wh..wh..opq");

    private Whiteout() {}

    static boolean hasPrefix(byte[] name) {
        return startsWith(name, PREFIX);
    }

    static boolean isReserved(byte[] name) {
        return startsWith(name, RESERVED);
    }

    static boolean isOpaque(byte[] name) {
        return Arrays.equals(name, OPAQUE);
    }

    /// What this whiteout removes.
    static byte[] target(byte[] name) {
        return Arrays.copyOfRange(name, PREFIX.length, name.length);
    }

    /// The whiteout of this name.
    static byte[] of(byte[] name) {
        byte[] whiteout = Arrays.copyOf(PREFIX, PREFIX.length + name.length);
        System.arraycopy(name, 0, whiteout, PREFIX.length, name.length);
        return whiteout;
    }

    private static boolean startsWith(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
