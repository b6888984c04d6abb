package dev.jbuild.exporter.sbom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads whole tables of an SQLite database that nobody writes to: as much of the format as a list of blobs needs. A
/// library for it would be a native one.
final class SqliteTable {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int FILE_HEADER = 100;
    private static final int INTERIOR = 5;
    private static final int LEAF = 13;
    private static final int LARGEST_VALUE = 64 << 20;
    private static final int SCHEMA_PAGE = 1;

    private final byte[] file;
    private final int pageSize;
    private final int usable;
    private final int pages;

    SqliteTable(byte[] file) throws BrokenFileException {
        this.file = file;
        if (file.length < FILE_HEADER || !java.util.Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new BrokenFileException("it is no SQLite database");
        }
        int size = ByteBuffer.wrap(file).getShort(16) & 0xffff;
        this.pageSize = size == 1 ? 65536 : size;
        this.usable = pageSize - (file[20] & 0xff);
        if (Integer.bitCount(pageSize) != 1 || pageSize < 512 || usable < 480) {
            throw new BrokenFileException("its page size is wrong: " + pageSize);
        }
        this.pages = file.length / pageSize;
    }

    /// The last column of each row that is a blob.
    List<byte[]> blobs(String table) throws BrokenFileException {
        List<byte[]> found = new ArrayList<>();
        int root = root(table);
        walk(root, record -> {
            byte[] blob = record.lastBlob();
            if (blob != null) {
                found.add(blob);
            }
        });
        return found;
    }

    // A row of the schema: type, name, table name, first page, statement.
    private int root(String table) throws BrokenFileException {
        int[] root = {0};
        walk(SCHEMA_PAGE, record -> {
            if (record.text(0).equals("table") && record.text(1).equals(table)) {
                root[0] = (int) record.number(3);
            }
        });
        if (root[0] == 0) {
            throw new BrokenFileException("it has no table " + table);
        }
        return root[0];
    }

    private void walk(int first, Consumer<Row> rows) throws BrokenFileException {
        BitSet seen = new BitSet();
        List<Integer> open = new ArrayList<>(List.of(first));
        while (!open.isEmpty()) {
            int page = open.removeLast();
            if (page < 1 || page > pages || seen.get(page)) {
                throw new BrokenFileException("its pages are in disorder");
            }
            seen.set(page);
            try {
                page(page, open, rows);
            } catch (IndexOutOfBoundsException e) {
                throw new BrokenFileException("page " + page + " points out of itself");
            }
        }
    }

    private void page(int page, List<Integer> open, Consumer<Row> rows) throws BrokenFileException {
        int start = (page - 1) * pageSize;
        int header = page == SCHEMA_PAGE ? start + FILE_HEADER : start;
        ByteBuffer in = ByteBuffer.wrap(file);
        int kind = file[header];
        int cells = in.getShort(header + 3) & 0xffff;
        int pointers = header + (kind == INTERIOR ? 12 : 8);
        List<Integer> below = new ArrayList<>();
        for (int i = 0; i < cells; i++) {
            int cell = start + (in.getShort(pointers + 2 * i) & 0xffff);
            if (cell >= start + pageSize) {
                throw new IndexOutOfBoundsException(cell);
            }
            if (kind == INTERIOR) {
                below.add(in.getInt(cell));
            } else if (kind == LEAF) {
                rows.accept(new Row(payload(cell)));
            } else {
                throw new BrokenFileException("page " + page + " is of no table");
            }
        }
        if (kind == INTERIOR) {
            below.add(in.getInt(header + 8));
        }
        // The first is to be the next.
        open.addAll(below.reversed());
    }

    private byte[] payload(int cell) throws BrokenFileException {
        Cursor at = new Cursor(file, cell);
        long size = at.varint();
        at.varint();
        if (size < 0 || size > LARGEST_VALUE) {
            throw new BrokenFileException("a row is too large: " + size + " bytes");
        }
        int most = usable - 35;
        int least = (usable - 12) * 32 / 255 - 23;
        int here = (int) size;
        if (size > most) {
            int wanted = least + (int) ((size - least) % (usable - 4));
            here = wanted <= most ? wanted : least;
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream((int) size);
        payload.write(file, at.offset, here);
        int next = here < size ? ByteBuffer.wrap(file).getInt(at.offset + here) : 0;
        int hops = 0;
        while (payload.size() < size) {
            if (next < 1 || next > pages || hops++ > pages) {
                throw new BrokenFileException("a row is cut off");
            }
            int start = (next - 1) * pageSize;
            int piece = (int) Math.min(usable - 4, size - payload.size());
            payload.write(file, start + 4, piece);
            next = ByteBuffer.wrap(file).getInt(start);
        }
        return payload.toByteArray();
    }

    /// Reads numbers of one to nine bytes.
    private static final class Cursor {
        private final byte[] bytes;
        private int offset;

        Cursor(byte[] bytes, int offset) {
            this.bytes = bytes;
            this.offset = offset;
        }

        long varint() {
            long value = 0;
            for (int i = 0; i < 8; i++) {
                byte next = bytes[offset++];
                value = value << 7 | (next & 0x7f);
                if (next >= 0) {
                    return value;
                }
            }
            return value << 8 | (bytes[offset++] & 0xff);
        }
    }

    /// One row: a list of types, then the values.
    private static final class Row {
        private final byte[] payload;
        private final List<int[]> columns = new ArrayList<>();

        Row(byte[] payload) {
            this.payload = payload;
            Cursor at = new Cursor(payload, 0);
            int headerEnd = (int) at.varint();
            int value = headerEnd;
            while (at.offset < headerEnd) {
                long type = at.varint();
                int length = length(type);
                columns.add(new int[] {(int) Math.min(type, Integer.MAX_VALUE), value, length});
                value = Math.addExact(value, length);
            }
        }

        private static int length(long type) {
            return switch ((int) Math.min(type, Integer.MAX_VALUE)) {
                case 0, 8, 9 -> 0;
                case 1, 2, 3, 4 -> (int) type;
                case 5 -> 6;
                case 6, 7 -> 8;
                default -> {
                    if (type < 12 || type > 2L * LARGEST_VALUE) {
                        throw new IndexOutOfBoundsException("a type that there is not: " + type);
                    }
                    yield (int) ((type - 12) / 2);
                }
            };
        }

        private boolean isText(int column) {
            return columns.get(column)[0] >= 13 && columns.get(column)[0] % 2 == 1;
        }

        String text(int column) {
            if (column >= columns.size() || !isText(column)) {
                return "";
            }
            int[] at = columns.get(column);
            java.util.Objects.checkFromIndexSize(at[1], at[2], payload.length);
            return new String(payload, at[1], at[2], StandardCharsets.UTF_8);
        }

        long number(int column) {
            if (column >= columns.size() || columns.get(column)[0] > 9) {
                return 0;
            }
            int[] at = columns.get(column);
            if (at[0] == 8 || at[0] == 9) {
                return (long) at[0] - 8;
            }
            long number = 0;
            for (int i = 0; i < at[2]; i++) {
                number = number << 8 | (payload[at[1] + i] & 0xff);
            }
            return number;
        }

        byte @Nullable [] lastBlob() {
            for (int[] at : columns.reversed()) {
                if (at[0] >= 12 && at[0] % 2 == 0) {
                    java.util.Objects.checkFromIndexSize(at[1], at[2], payload.length);
                    return java.util.Arrays.copyOfRange(payload, at[1], at[1] + at[2]);
                }
            }
            return null;
        }
    }
}
