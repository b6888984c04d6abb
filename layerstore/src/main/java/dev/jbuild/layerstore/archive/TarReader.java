package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a tar: POSIX, PAX, GNU's long names, large numbers and sparse files, and what came before all these.
///
/// Everything that it cannot make sense of is a [StoreException] of kind CORRUPT; it never guesses.
final class TarReader {
    /// Longer than any name or attribute that a file system takes.
    private static final long BIGGEST_HEADER = 1 << 20;

    private static final long BIGGEST_SIZE = Long.MAX_VALUE / 2;
    private static final int BUFFER = 64 << 10;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] block = new byte[TarHeader.BLOCK];
    private final PaxHeaders global = new PaxHeaders();
    private int position;
    private int limit;
    private long taken;
    private long contentLeft;
    private int padding;

    TarReader(InputStream in) {
        this.in = in;
    }

    /// The next entry, whatever was read of the one before; null at the end of the archive.
    @Nullable
    TarEntry next() throws IOException {
        skip(contentLeft + padding);
        contentLeft = 0;
        padding = 0;
        PaxHeaders pax = new PaxHeaders(global);
        byte[] longName = null;
        byte[] longLink = null;
        while (readHeader()) {
            byte type = block[TarHeader.TYPE];
            long size = TarNumber.parse(block, TarHeader.SIZE, TarHeader.NUMBER_LENGTH);
            if (size < 0 || size > BIGGEST_SIZE) {
                throw corrupt("there is no size " + size);
            }
            switch (type) {
                case TarHeader.PAX -> pax.add(headerContent(size));
                case TarHeader.PAX_GLOBAL -> {
                    global.add(headerContent(size));
                    pax = new PaxHeaders(global);
                }
                case TarHeader.GNU_LONG_NAME -> longName = untilZero(headerContent(size));
                case TarHeader.GNU_LONG_LINK -> longLink = untilZero(headerContent(size));
                // A volume's label.
                case 'V' -> skip(size + TarHeader.padding(size));
                default -> {
                    return entry(type, size, pax, longName, longLink);
                }
            }
        }
        return null;
    }

    private TarEntry entry(
            byte headerType, long headerSize, PaxHeaders pax, byte @Nullable [] longName, byte @Nullable [] longLink)
            throws IOException {
        byte[] name =
                pax.name("GNU.sparse.name", () -> pax.name("path", () -> longName == null ? headerName() : longName));
        byte[] link =
                pax.name("linkpath", () -> longLink == null ? field(TarHeader.LINK, TarHeader.NAME_LENGTH) : longLink);
        byte type = headerType == 0 ? TarHeader.REGULAR : headerType;
        boolean content = switch (type) {
            case TarHeader.REGULAR, TarHeader.CONTIGUOUS, TarHeader.GNU_SPARSE -> true;
            case TarHeader.HARD_LINK,
                    TarHeader.SYMBOLIC_LINK,
                    TarHeader.CHARACTER_DEVICE,
                    TarHeader.BLOCK_DEVICE,
                    TarHeader.DIRECTORY,
                    TarHeader.FIFO -> false;
            default ->
                throw new StoreException(
                        StoreException.Kind.UNSUPPORTED,
                        "the tar has an entry of a type that jbuild does not know: " + (type & 0xff));
        };
        // Some writers give links the size of their file; no content follows in any of these.
        contentLeft = content ? pax.number("size", headerSize) : 0;
        padding = TarHeader.padding(contentLeft);
        byte[] header = block.clone();
        SparseMap sparse = content ? sparse(type, pax) : SparseMap.NONE;
        long size = sparse.sparse() ? realSize(type, pax, header) : contentLeft;
        if (sparse.sparse()) {
            sparse = SparseMap.of(sparse.regions(), size);
            if (sparse.stored() != contentLeft) {
                throw corrupt("a sparse file's map and its size do not agree");
            }
        }
        if (content) {
            // The oldest tars have no other way to say that something is a directory.
            type = name.length > 0 && name[name.length - 1] == '/' ? TarHeader.DIRECTORY : TarHeader.REGULAR;
        }
        BigDecimal time = pax.time();
        boolean device = type == TarHeader.CHARACTER_DEVICE || type == TarHeader.BLOCK_DEVICE;
        return new TarEntry(
                name,
                type,
                link,
                size,
                (int) TarNumber.parse(header, TarHeader.MODE, TarHeader.ID_LENGTH) & 07777,
                pax.number("uid", TarNumber.parse(header, TarHeader.UID, TarHeader.ID_LENGTH)),
                pax.number("gid", TarNumber.parse(header, TarHeader.GID, TarHeader.ID_LENGTH)),
                time == null ? TarNumber.parse(header, TarHeader.MTIME, TarHeader.NUMBER_LENGTH) : seconds(time),
                time == null ? 0 : nanos(time),
                device ? deviceNumber(header, TarHeader.DEVICE_MAJOR) : 0,
                device ? deviceNumber(header, TarHeader.DEVICE_MINOR) : 0,
                pax.xattrs(),
                sparse);
    }

    private byte[] headerName() {
        byte[] name = field(TarHeader.NAME, TarHeader.NAME_LENGTH);
        // GNU's magic has a blank where POSIX has a zero byte, and other things in the place of the prefix.
        boolean posix = field(TarHeader.MAGIC, 6).length == 5 && block[TarHeader.MAGIC] == 'u';
        byte[] prefix = posix ? field(TarHeader.PREFIX, TarHeader.PREFIX_LENGTH) : new byte[0];
        if (prefix.length == 0) {
            return name;
        }
        byte[] path = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        path[prefix.length] = '/';
        System.arraycopy(name, 0, path, prefix.length + 1, name.length);
        return path;
    }

    private static int deviceNumber(byte[] header, int at) {
        long number = TarNumber.parse(header, at, TarHeader.ID_LENGTH);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw corrupt("there is no device number " + number);
        }
        return (int) number;
    }

    private static long seconds(BigDecimal time) {
        BigDecimal whole = time.setScale(0, RoundingMode.FLOOR);
        try {
            return whole.longValueExact();
        } catch (ArithmeticException e) {
            throw corrupt("there is no time " + time);
        }
    }

    /// Digits beyond the nanosecond are dropped.
    private static int nanos(BigDecimal time) {
        return time.subtract(time.setScale(0, RoundingMode.FLOOR))
                .movePointRight(9)
                .intValue();
    }

    private SparseMap sparse(byte type, PaxHeaders pax) throws IOException {
        if (type == TarHeader.GNU_SPARSE) {
            return new SparseMap(gnuRegions(), true);
        }
        if ("1".equals(pax.text("GNU.sparse.major"))) {
            return new SparseMap(regionsBeforeContent(), true);
        }
        List<SparseMap.Region> regions = pax.regions();
        return regions == null ? SparseMap.NONE : new SparseMap(regions, true);
    }

    private static long realSize(byte type, PaxHeaders pax, byte[] header) {
        long size = type == TarHeader.GNU_SPARSE
                ? TarNumber.parse(header, 483, TarHeader.NUMBER_LENGTH)
                : pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", -1));
        if (size < 0) {
            throw corrupt("a sparse file has no size that can be");
        }
        return size;
    }

    /// The map in the header and in the blocks that follow it.
    private List<SparseMap.Region> gnuRegions() throws IOException {
        List<SparseMap.Region> regions = new ArrayList<>();
        byte[] map = block.clone();
        addRegions(regions, map, 386, 4);
        boolean more = map[482] != 0;
        while (more) {
            readFully(map);
            addRegions(regions, map, 0, 21);
            more = map[504] != 0;
            if (regions.size() > BIGGEST_HEADER) {
                throw corrupt("the map of a sparse file is too long");
            }
        }
        return regions;
    }

    private static void addRegions(List<SparseMap.Region> regions, byte[] map, int at, int count) {
        for (int i = 0; i < count; i++) {
            int offset = at + 24 * i;
            if (map[offset + 12] == 0) {
                return;
            }
            long length = TarNumber.parse(map, offset + 12, TarHeader.NUMBER_LENGTH);
            regions.add(new SparseMap.Region(TarNumber.parse(map, offset, TarHeader.NUMBER_LENGTH), length));
        }
    }

    /// The map as lines of digits in the blocks at the content's beginning: their number, then offsets and lengths.
    private List<SparseMap.Region> regionsBeforeContent() throws IOException {
        SparseLines lines = new SparseLines();
        long count = lines.next();
        List<SparseMap.Region> regions = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long offset = lines.next();
            regions.add(new SparseMap.Region(offset, lines.next()));
        }
        return regions;
    }

    private final class SparseLines {
        private final byte[] lines = new byte[TarHeader.BLOCK];
        private int at = TarHeader.BLOCK;
        private long blocks;

        long next() throws IOException {
            byte[] digits = new byte[19];
            int n = 0;
            while (true) {
                if (at == TarHeader.BLOCK) {
                    blocks++;
                    if (contentLeft < TarHeader.BLOCK || blocks * TarHeader.BLOCK > BIGGEST_HEADER * 16) {
                        throw corrupt("the map of a sparse file does not end");
                    }
                    readFully(lines);
                    contentLeft -= TarHeader.BLOCK;
                    at = 0;
                }
                byte b = lines[at++];
                if (b == '\n') {
                    return PaxHeaders.decimal(Arrays.copyOf(digits, n), "the map of a sparse file");
                }
                if (n == digits.length) {
                    throw corrupt("not a number in the map of a sparse file");
                }
                digits[n++] = b;
            }
        }
    }

    /// Reads the next header block; false at the end of the archive.
    private boolean readHeader() throws IOException {
        if (!readBlock()) {
            return false;
        }
        if (isZero(block)) {
            if (readBlock() && !isZero(block)) {
                throw corrupt("there is a block of zeros in the middle");
            }
            return false;
        }
        long expected = TarNumber.parse(block, TarHeader.CHECKSUM, 8);
        if (expected != TarHeader.checksum(block) && expected != signedChecksum(block)) {
            throw corrupt("the checksum of a header is wrong");
        }
        return true;
    }

    /// Once computed with signed characters by mistake.
    private static int signedChecksum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < TarHeader.BLOCK; i++) {
            sum += i >= TarHeader.CHECKSUM && i < TarHeader.CHECKSUM + 8 ? ' ' : header[i];
        }
        return sum;
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] headerContent(long size) throws IOException {
        if (size > BIGGEST_HEADER) {
            throw corrupt("a header has " + size + " bytes");
        }
        byte[] content = new byte[(int) size];
        readFully(content);
        skip(TarHeader.padding(size));
        return content;
    }

    private static byte[] untilZero(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    private byte[] field(int at, int length) {
        return untilZero(Arrays.copyOfRange(block, at, at + length));
    }

    /// Reads of the current entry's content as the archive holds it; -1 at its end.
    int read(byte[] bytes, int offset, int length) throws IOException {
        if (contentLeft == 0) {
            return -1;
        }
        int n = fill(bytes, offset, (int) Math.min(length, contentLeft));
        if (n < 0) {
            throw corrupt("it ends in the middle of a file");
        }
        contentLeft -= n;
        return n;
    }

    /// How many bytes of the archive lie before what is read next.
    long offset() {
        return taken - (limit - position);
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            if (position == limit && !refill()) {
                throw corrupt("it ends in the middle of a file");
            }
            int n = (int) Math.min(left, limit - position);
            position += n;
            left -= n;
        }
    }

    /// Reads a block; false if the stream has ended before it.
    private boolean readBlock() throws IOException {
        if (position == limit && !refill()) {
            return false;
        }
        readFully(block);
        return true;
    }

    private void readFully(byte[] bytes) throws IOException {
        int done = 0;
        while (done < bytes.length) {
            int n = fill(bytes, done, bytes.length - done);
            if (n < 0) {
                throw corrupt("it ends in the middle of a header");
            }
            done += n;
        }
    }

    private int fill(byte[] bytes, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= BUFFER) {
                int n = in.read(bytes, offset, length);
                taken += Math.max(n, 0);
                return n;
            }
            if (!refill()) {
                return -1;
            }
        }
        int n = Math.min(length, limit - position);
        System.arraycopy(buffer, position, bytes, offset, n);
        position += n;
        return n;
    }

    private boolean refill() throws IOException {
        int n = in.read(buffer, 0, BUFFER);
        position = 0;
        limit = Math.max(n, 0);
        taken += limit;
        return n > 0;
    }

    private static StoreException corrupt(String what) {
        return PaxHeaders.corrupt(what);
    }
}
