package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.sbom.FoundPackage.Kind;
import dev.jbuild.exporter.sbom.Inventory.Distribution;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads the packages of an rpm database in SQLite: each row of its table is the header of a package.
final class RpmPackages {
    private static final int NAME = 1000;
    private static final int VERSION = 1001;
    private static final int RELEASE = 1002;
    private static final int EPOCH = 1003;
    private static final int VENDOR = 1011;
    private static final int LICENSE = 1014;
    private static final int ARCHITECTURE = 1022;
    private static final int SOURCE = 1044;

    private static final int INT32 = 4;
    private static final int STRING = 6;
    private static final int TRANSLATED_STRING = 9;
    private static final int ENTRY = 16;

    private RpmPackages() {}

    static List<FoundPackage> read(byte[] database, Distribution distribution, String path) throws BrokenFileException {
        List<FoundPackage> packages = new ArrayList<>();
        for (byte[] header : new SqliteTable(database).blobs("Packages")) {
            Map<Integer, String> tags = tags(header);
            String name = tags.getOrDefault(NAME, "");
            // Keys that packages are checked with are kept as if they were packages.
            if (name.isEmpty() || name.equals("gpg-pubkey")) {
                continue;
            }
            String version = tags.getOrDefault(VERSION, "") + "-" + tags.getOrDefault(RELEASE, "");
            String epoch = tags.getOrDefault(EPOCH, "");
            Map<String, String> qualifiers = new HashMap<>();
            qualifiers.put("arch", tags.getOrDefault(ARCHITECTURE, ""));
            qualifiers.put("distro", distribution.qualifier());
            qualifiers.put("epoch", epoch);
            qualifiers.put("upstream", tags.getOrDefault(SOURCE, ""));
            packages.add(new FoundPackage(
                    Kind.RPM,
                    name,
                    epoch.isEmpty() ? version : epoch + ":" + version,
                    PackageUrl.of("rpm", distribution.id(), name, version, qualifiers),
                    tags.getOrDefault(LICENSE, ""),
                    tags.getOrDefault(VENDOR, ""),
                    path));
        }
        return packages;
    }

    /// The tags of a header whose values are one text or number.
    private static Map<Integer, String> tags(byte[] header) throws BrokenFileException {
        ByteBuffer in = ByteBuffer.wrap(header);
        if (header.length < 2 * Integer.BYTES) {
            throw new BrokenFileException("the header of a package is cut off");
        }
        int entries = in.getInt();
        int dataSize = in.getInt();
        long data = 2L * Integer.BYTES + (long) entries * ENTRY;
        if (entries < 0 || dataSize < 0 || data + dataSize > header.length) {
            throw new BrokenFileException("the header of a package is cut off");
        }
        Map<Integer, String> tags = new HashMap<>();
        for (int i = 0; i < entries; i++) {
            int tag = in.getInt();
            int type = in.getInt();
            int offset = in.getInt();
            in.getInt();
            long at = data + offset;
            if (offset < 0 || at >= header.length) {
                continue;
            }
            if (type == STRING || type == TRANSLATED_STRING) {
                int end = (int) at;
                while (end < header.length && header[end] != 0) {
                    end++;
                }
                tags.put(tag, new String(header, (int) at, end - (int) at, StandardCharsets.UTF_8));
            } else if (type == INT32 && at + Integer.BYTES <= header.length) {
                tags.put(tag, Integer.toUnsignedString(ByteBuffer.wrap(header).getInt((int) at)));
            }
        }
        return tags;
    }
}
