package dev.jbuild.cli.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Adds up the sizes of the files in a tar archive, from its headers alone.
final class TarSizes {
    private static final int BLOCK = 512;
    private static final int SIZE = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TYPE = 156;
    private static final int MAX_EXTENSION = 1 << 20;

    private TarSizes() {}

    static long sum(InputStream tar) throws IOException {
        long sum = 0;
        long nextSize = -1;
        byte[] header = new byte[BLOCK];
        while (tar.readNBytes(header, 0, BLOCK) == BLOCK && !isEnd(header)) {
            long size = number(header);
            byte type = header[TYPE];
            if (type == 'x' && size <= MAX_EXTENSION) {
                nextSize = paxSize(tar.readNBytes((int) size));
                skip(tar, padded(size) - size);
                continue;
            }
            if (type == 0 || type == '0' || type == '7' || type == 'S') {
                size = nextSize >= 0 ? nextSize : size;
                sum += size;
            }
            nextSize = type == 'L' || type == 'K' ? nextSize : -1;
            skip(tar, padded(size));
        }
        // The stream checks its digest where it ends.
        tar.transferTo(OutputStream.nullOutputStream());
        return sum;
    }

    private static boolean isEnd(byte[] header) {
        for (byte b : header) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private static void skip(InputStream tar, long bytes) throws IOException {
        try {
            tar.skipNBytes(bytes);
        } catch (EOFException e) {
            throw new IOException("the archive ends in the middle of a file", e);
        }
    }

    // Octal, or if the first bit is set, binary.
    private static long number(byte[] header) throws IOException {
        long value = 0;
        if ((header[SIZE] & 0x80) != 0) {
            for (int i = SIZE + 4; i < SIZE + SIZE_LENGTH; i++) {
                value = value << 8 | (header[i] & 0xff);
            }
        } else {
            for (int i = SIZE; i < SIZE + SIZE_LENGTH; i++) {
                if (header[i] >= '0' && header[i] <= '7') {
                    value = value << 3 | (header[i] - '0');
                }
            }
        }
        if (value < 0) {
            throw new IOException("a file in the archive has an impossible size");
        }
        return value;
    }

    // POSIX pax records: "LENGTH KEY=VALUE\n".
    private static long paxSize(byte[] records) {
        for (String record : new String(records, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            int space = record.indexOf(' ');
            if (space >= 0 && record.startsWith("size=", space + 1)) {
                String digits = record.substring(space + 6);
                if (!digits.isEmpty() && digits.length() < 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    return Long.parseLong(digits);
                }
            }
        }
        return -1;
    }
}
