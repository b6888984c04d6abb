package dev.jbuild.exporter.sbom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tables of a program in ELF: where its sections and segments are.
final class ElfFile {
    private static final int IDENT = 16;
    private static final int MOST_ENTRIES = 4096;
    private static final int LARGEST_NAMES = 1 << 20;
    private static final int LOAD = 1;
    private static final int WRITABLE = 2;

    private final FileBytes file;
    private final boolean big;
    private final boolean wide;
    private final byte[] header;

    /// A stretch of the file.
    ///
    /// @param address where it is in the memory of the process
    record Part(long offset, long size, long address) {}

    private ElfFile(FileBytes file, byte[] header) {
        this.file = file;
        this.header = header;
        this.wide = header[4] == 2;
        this.big = header[5] == 2;
    }

    /// The ELF file that this is.
    ///
    /// @return null if it is none
    static @Nullable ElfFile open(FileBytes file) throws IOException {
        byte[] header = file.read(0, 64);
        boolean elf = header.length == 64
                && header[0] == 0x7f
                && header[1] == 'E'
                && header[2] == 'L'
                && header[3] == 'F'
                && (header[4] == 1 || header[4] == 2)
                && (header[5] == 1 || header[5] == 2);
        return elf ? new ElfFile(file, header) : null;
    }

    static long number(byte[] bytes, int at, int size, boolean big) {
        long number = 0;
        for (int i = 0; i < size; i++) {
            int from = big ? at + i : at + size - 1 - i;
            number = number << 8 | (bytes[from] & 0xff);
        }
        return number;
    }

    private long header(int wideAt, int narrowAt, int wideSize, int narrowSize) {
        return number(header, wide ? wideAt : narrowAt, wide ? wideSize : narrowSize, big);
    }

    /// The section of this name, null if there is none.
    @Nullable
    Part section(String name) throws IOException {
        long table = header(40, 32, 8, 4);
        int size = (int) header(58, 46, 2, 2);
        int count = (int) header(60, 48, 2, 2);
        int names = (int) header(62, 50, 2, 2);
        if (table == 0 || size < (wide ? 64 : 40) || count > MOST_ENTRIES || names >= count) {
            return null;
        }
        byte[] entries = file.read(table, size * count);
        if (entries.length < size * count) {
            return null;
        }
        Part texts = sectionAt(entries, names * size);
        byte[] text = file.read(texts.offset(), (int) Math.min(texts.size(), LARGEST_NAMES));
        byte[] wanted = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            long at = number(entries, i * size, 4, big);
            if (at + wanted.length <= text.length
                    && java.util.Arrays.equals(text, (int) at, (int) at + wanted.length, wanted, 0, wanted.length)) {
                return sectionAt(entries, i * size);
            }
        }
        return null;
    }

    private Part sectionAt(byte[] entries, int at) {
        return wide
                ? new Part(
                        number(entries, at + 24, 8, big),
                        number(entries, at + 32, 8, big),
                        number(entries, at + 16, 8, big))
                : new Part(
                        number(entries, at + 16, 4, big),
                        number(entries, at + 20, 4, big),
                        number(entries, at + 12, 4, big));
    }

    private List<Part> segments(int flags) throws IOException {
        long table = header(32, 28, 8, 4);
        int size = (int) header(54, 42, 2, 2);
        int count = (int) header(56, 44, 2, 2);
        List<Part> segments = new ArrayList<>();
        if (table < IDENT || size < (wide ? 56 : 32) || count > MOST_ENTRIES) {
            return segments;
        }
        byte[] entries = file.read(table, size * count);
        for (int at = 0; at + size <= entries.length; at += size) {
            long allowed = number(entries, wide ? at + 4 : at + 24, 4, big);
            if (number(entries, at, 4, big) == LOAD && (allowed & flags) == flags) {
                segments.add(
                        wide
                                ? new Part(
                                        number(entries, at + 8, 8, big),
                                        number(entries, at + 32, 8, big),
                                        number(entries, at + 16, 8, big))
                                : new Part(
                                        number(entries, at + 4, 4, big),
                                        number(entries, at + 16, 4, big),
                                        number(entries, at + 8, 4, big)));
            }
        }
        return segments;
    }

    /// The data that the program may change, where a stripped program has what its sections would tell.
    @Nullable
    Part writableData() throws IOException {
        List<Part> segments = segments(WRITABLE);
        return segments.isEmpty() ? null : segments.getFirst();
    }

    /// Where in the file an address of the process is.
    long offset(long address) throws IOException {
        for (Part segment : segments(0)) {
            if (address >= segment.address() && address - segment.address() < segment.size()) {
                return segment.offset() + (address - segment.address());
            }
        }
        throw new BrokenFileException("an address in it leads nowhere");
    }
}
