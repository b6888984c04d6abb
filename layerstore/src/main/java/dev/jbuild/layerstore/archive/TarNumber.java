package dev.jbuild.layerstore.archive;

/// Numbers in tar headers: octal digits, or big-endian bytes where octal digits did not suffice.
final class TarNumber {
    private TarNumber() {}

    /// The number in this field of a header.
    static long parse(byte[] header, int at, int length) {
        if ((header[at] & 0x80) != 0) {
            return binary(header, at, length);
        }
        int i = at;
        int end = at + length;
        while (i < end && header[i] == ' ') {
            i++;
        }
        long value = 0;
        for (; i < end && header[i] != 0 && header[i] != ' '; i++) {
            if (header[i] < '0' || header[i] > '7') {
                throw PaxHeaders.corrupt("not a number in a header");
            }
            value = value << 3 | header[i] - '0';
        }
        return value;
    }

    /// Two's complement; the topmost bit says only that it is one.
    private static long binary(byte[] header, int at, int length) {
        boolean negative = (header[at] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int b = header[at + i] & 0xff;
            if (i == 0) {
                b = negative ? b : b & 0x7f;
            }
            long next = value << 8 | b;
            if (next >> 8 != value) {
                throw PaxHeaders.corrupt("a number in a header is too big");
            }
            value = next;
        }
        return value;
    }
}
