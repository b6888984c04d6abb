package dev.jbuild.layerstore.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The name of an archive entry, taken apart and cleaned: no empty or `.` parts, no slash at either end, no
/// `..` at all.
///
/// @param parent the directory; empty for the root
/// @param name the last part; empty for the root itself
@SuppressWarnings("ArrayRecordComponent") // bytes are what it is about; two are never compared
record EntryPath(byte[] parent, byte[] name) {
    /// A cleaned name.
    ///
    /// @throws dev.jbuild.layerstore.content.StoreException of kind CORRUPT if it leads upwards
    static EntryPath of(byte[] raw) {
        List<byte[]> parts = parts(raw);
        if (parts.isEmpty()) {
            return new EntryPath(new byte[0], new byte[0]);
        }
        return new EntryPath(joined(parts.subList(0, parts.size() - 1)), parts.getLast());
    }

    private static List<byte[]> parts(byte[] raw) {
        List<byte[]> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= raw.length; i++) {
            if (i == raw.length || raw[i] == '/') {
                byte[] part = Arrays.copyOfRange(raw, start, i);
                start = i + 1;
                if (part.length == 2 && part[0] == '.' && part[1] == '.') {
                    throw PaxHeaders.corrupt("the name \"" + new String(raw, StandardCharsets.UTF_8)
                            + "\" leads out of the directory it is in");
                }
                if (part.length > 0 && !(part.length == 1 && part[0] == '.')) {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            if (path.size() > 0) {
                path.write('/');
            }
            path.writeBytes(part);
        }
        return path.toByteArray();
    }

    boolean isRoot() {
        return name.length == 0;
    }

    /// The whole cleaned name.
    byte[] path() {
        if (parent.length == 0) {
            return name;
        }
        byte[] path = Arrays.copyOf(parent, parent.length + 1 + name.length);
        path[parent.length] = '/';
        System.arraycopy(name, 0, path, parent.length + 1, name.length);
        return path;
    }

    /// A directory of this one's.
    EntryPath under(EntryPath base) {
        if (base.isRoot()) {
            return this;
        }
        return EntryPath.of(joined(List.of(base.path(), path())));
    }

    /// One character a byte: a key for maps.
    static String key(byte[] path) {
        return new String(path, StandardCharsets.ISO_8859_1);
    }

    String shown() {
        return "/" + new String(path(), StandardCharsets.UTF_8);
    }
}
