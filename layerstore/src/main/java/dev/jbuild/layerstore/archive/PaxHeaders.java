package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The records of PAX headers that are in force for one entry. Values are bytes: names need not be UTF-8, and
/// extended attributes are no text at all.
final class PaxHeaders {
    private final Map<String, byte[]> records = new HashMap<>();
    private final List<SparseMap.Region> regions = new ArrayList<>();
    private long regionOffset = -1;

    PaxHeaders() {}

    /// The global records, which later ones of the entry itself replace.
    PaxHeaders(PaxHeaders global) {
        records.putAll(global.records);
    }

    /// Reads the content of a PAX header: records of `length key=value`, each with a line feed at its end.
    void add(byte[] content) {
        int at = 0;
        while (at < content.length) {
            int blank = indexOf(content, ' ', at, content.length);
            if (blank < 0 || blank == at || blank - at > 9) {
                throw corrupt("a PAX record has no length");
            }
            int length = (int) decimal(Arrays.copyOfRange(content, at, blank), "length");
            int end = at + length;
            if (length < blank - at + 3 || end > content.length || content[end - 1] != '\n') {
                throw corrupt("the length of a PAX record is wrong");
            }
            int equals = indexOf(content, '=', blank + 1, end);
            if (equals <= blank + 1) {
                throw corrupt("a PAX record has no key");
            }
            put(
                    new String(content, blank + 1, equals - blank - 1, StandardCharsets.UTF_8),
                    Arrays.copyOfRange(content, equals + 1, end - 1));
            at = end;
        }
    }

    private void put(String key, byte[] value) {
        switch (key) {
            // The oldest way to map a sparse file repeats these two, so that their order counts.
            case "GNU.sparse.offset" -> regionOffset = decimal(value, key);
            case "GNU.sparse.numbytes" -> {
                if (regionOffset < 0) {
                    throw corrupt("the map of a sparse file has a length without an offset");
                }
                regions.add(new SparseMap.Region(regionOffset, decimal(value, key)));
                regionOffset = -1;
            }
            default -> {
                if (value.length == 0 && !key.startsWith(TarHeader.XATTR)) {
                    records.remove(key);
                } else {
                    records.put(key, value);
                }
            }
        }
    }

    /// A name; it cannot hold a zero byte, which for the kernel would be its end.
    byte[] name(String key, Supplier<byte[]> otherwise) {
        byte[] value = records.get(key);
        if (value == null) {
            return otherwise.get();
        }
        if (indexOf(value, 0, 0, value.length) >= 0) {
            throw corrupt("a name has a zero byte");
        }
        return value;
    }

    @Nullable
    String text(String key) {
        byte[] value = records.get(key);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    long number(String key, long otherwise) {
        byte[] value = records.get(key);
        return value == null ? otherwise : decimal(value, key);
    }

    /// The modification time, or null.
    @Nullable
    BigDecimal time() {
        String text = text("mtime");
        if (text == null) {
            return null;
        }
        // Also keeps a number of a thousand digits away from the arithmetic.
        if (text.length() > 40 || !text.matches("-?[0-9]+(\\.[0-9]*)?")) {
            throw corrupt("not a time: \"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + '"');
        }
        return new BigDecimal(text.endsWith(".") ? text + "0" : text);
    }

    SortedMap<String, byte[]> xattrs() {
        SortedMap<String, byte[]> xattrs = new TreeMap<>();
        records.forEach((key, value) -> {
            if (key.startsWith(TarHeader.XATTR)) {
                xattrs.put(key.substring(TarHeader.XATTR.length()), value);
            }
        });
        return xattrs;
    }

    /// Where a sparse file has data, if these records say it; null if they do not.
    @Nullable
    List<SparseMap.Region> regions() {
        String map = text("GNU.sparse.map");
        if (map == null) {
            return regions.isEmpty() && !records.containsKey("GNU.sparse.numblocks") ? null : List.copyOf(regions);
        }
        List<SparseMap.Region> mapped = new ArrayList<>();
        String[] numbers = map.split(",", -1);
        if (numbers.length % 2 != 0) {
            throw corrupt("the map of a sparse file has a length too few");
        }
        for (int i = 0; i < numbers.length; i += 2) {
            mapped.add(new SparseMap.Region(decimal(numbers[i]), decimal(numbers[i + 1])));
        }
        return mapped;
    }

    private static long decimal(String text) {
        return decimal(text.getBytes(StandardCharsets.UTF_8), "map of a sparse file");
    }

    static long decimal(byte[] digits, String what) {
        long value = 0;
        if (digits.length == 0 || digits.length > 18) {
            throw corrupt("not a number in " + what);
        }
        for (byte b : digits) {
            if (b < '0' || b > '9') {
                throw corrupt("not a number in " + what);
            }
            value = value * 10 + (b - '0');
        }
        return value;
    }

    private static int indexOf(byte[] bytes, int wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    static StoreException corrupt(String what) {
        return new StoreException(StoreException.Kind.CORRUPT, "not a valid tar: " + what);
    }
}
