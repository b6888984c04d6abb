package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes a tree as a tar: directories before what is in them, names in the order of their bytes.
final class TreeArchiver {
    private static final byte[] EMPTY = new byte[0];
    private static final byte[] HERE = {'.'};

    private final TarOutput tar;
    private final Timestamps timestamps;
    private final @Nullable Marks marks;
    private final Map<Inode, byte[]> linked = new HashMap<>();
    private long entries;
    private long bytes;
    private long whiteouts;

    private record Inode(long device, long number) {}

    private TreeArchiver(TarOutput tar, Timestamps timestamps, @Nullable Marks marks) {
        this.tar = tar;
        this.timestamps = timestamps;
        this.marks = marks;
    }

    /// Writes the whole archive.
    ///
    /// @param marks those that become whiteouts; null in a tree that is no layer
    static LayerSummary write(Path root, TarOutput tar, Timestamps timestamps, @Nullable Marks marks)
            throws IOException {
        TreeArchiver archiver = new TreeArchiver(tar, timestamps, marks);
        boolean ownRoot = false;
        try (OpenDirectory directory = OpenDirectory.open(root)) {
            Stat stat = directory.stat();
            // Other tools leave the root out, and read it as this.
            ownRoot = stat.permissions() != 0755 || stat.uid() != 0 || stat.gid() != 0;
            if (ownRoot) {
                archiver.entry(new byte[] {'.', '/'}, TarHeader.DIRECTORY, EMPTY, 0, stat, directory, HERE);
            }
            archiver.children(directory, EMPTY);
        }
        tar.finish();
        return new LayerSummary(archiver.entries, archiver.bytes, archiver.whiteouts, ownRoot, true);
    }

    /// Writes an archive of several trees, each in a folder of its own.
    static void writeFolders(SortedMap<String, Path> folders, OutputStream out, Timestamps timestamps)
            throws IOException {
        TarWriter tar = new TarWriter(out);
        TreeArchiver archiver = new TreeArchiver(tar, timestamps, null);
        for (Map.Entry<String, Path> folder : folders.entrySet()) {
            try (OpenDirectory directory = OpenDirectory.open(folder.getValue())) {
                byte[] prefix = (folder.getKey() + "/").getBytes(StandardCharsets.UTF_8);
                archiver.entry(prefix, TarHeader.DIRECTORY, EMPTY, 0, directory.stat(), directory, HERE);
                archiver.children(directory, prefix);
            }
        }
        tar.finish();
    }

    private void children(OpenDirectory directory, byte[] prefix) throws IOException {
        for (byte[] name : directory.names()) {
            Interruption.check();
            Stat stat = directory.stat(name);
            if (stat == null) {
                throw new IOException(directory.path(name) + " was removed while it was read");
            }
            add(directory, name, joined(prefix, name), stat);
        }
    }

    private void add(OpenDirectory directory, byte[] name, byte[] path, Stat stat) throws IOException {
        if (marks != null) {
            if (marks.isWhiteout(stat)) {
                whiteout(Arrays.copyOf(path, path.length - name.length), name, stat);
                return;
            }
            if (Whiteout.hasPrefix(name)) {
                throw new StoreException(
                        StoreException.Kind.UNSUPPORTED,
                        "the file /" + new String(path, StandardCharsets.UTF_8)
                                + " cannot be in a layer: there, names that begin with .wh. mean removals");
            }
        }
        switch (stat.type()) {
            case Stat.DIRECTORY -> directory(directory, name, path, stat);
            case Stat.SOCKET -> {
                // A socket is nothing without the process that listens on it, and tar has no type for it.
            }
            default -> file(directory, name, path, stat);
        }
    }

    private void directory(OpenDirectory parent, byte[] name, byte[] path, Stat stat) throws IOException {
        byte[] prefix = Arrays.copyOf(path, path.length + 1);
        prefix[path.length] = '/';
        entry(prefix, TarHeader.DIRECTORY, EMPTY, 0, stat, parent, name);
        if (marks != null && marks.isOpaque(parent, name)) {
            whiteout(prefix, null, stat);
        }
        try (OpenDirectory directory = parent.directory(name)) {
            children(directory, prefix);
        }
    }

    private void file(OpenDirectory directory, byte[] name, byte[] path, Stat stat) throws IOException {
        if (stat.nlink() > 1) {
            byte[] first = linked.putIfAbsent(new Inode(stat.dev(), stat.ino()), path);
            if (first != null) {
                entry(path, TarHeader.HARD_LINK, first, 0, stat, null, name);
                return;
            }
        }
        switch (stat.type()) {
            case Stat.REGULAR -> regular(directory, name, path);
            case Stat.SYMBOLIC_LINK ->
                entry(path, TarHeader.SYMBOLIC_LINK, directory.readLink(name), 0, stat, directory, name);
            case Stat.CHARACTER_DEVICE -> entry(path, TarHeader.CHARACTER_DEVICE, EMPTY, 0, stat, directory, name);
            case Stat.BLOCK_DEVICE -> entry(path, TarHeader.BLOCK_DEVICE, EMPTY, 0, stat, directory, name);
            case Stat.FIFO -> entry(path, TarHeader.FIFO, EMPTY, 0, stat, directory, name);
            default -> throw new IOException(directory.path(name) + " is of no known file type");
        }
    }

    private void regular(OpenDirectory directory, byte[] name, byte[] path) throws IOException {
        try (OpenFile file = directory.read(name)) {
            Stat stat = file.stat();
            entry(path, TarHeader.REGULAR, EMPTY, stat.size(), stat, directory, name);
            if (stat.size() > 0) {
                try (InputStream content = file.input()) {
                    tar.content(content, stat.size(), directory.path(name));
                }
            }
            bytes += stat.size();
        }
    }

    /// A whiteout of this name, or of all that lower layers have in the directory.
    private void whiteout(byte[] prefix, byte @Nullable [] name, Stat stat) throws IOException {
        byte[] whiteout = name == null ? Whiteout.OPAQUE : Whiteout.of(name);
        tar.header(new TarEntry(
                joined(prefix, whiteout),
                TarHeader.REGULAR,
                EMPTY,
                0,
                0,
                0,
                0,
                timestamps.seconds(stat.mtimeSeconds()),
                timestamps.nanos(stat.mtimeNanos()),
                0,
                0,
                new TreeMap<>(),
                SparseMap.NONE));
        entries++;
        whiteouts++;
    }

    /// @param in where the file's attributes are to be read; null for a hard link, whose file has them already
    private void entry(
            byte[] path, byte type, byte[] link, long size, Stat stat, @Nullable OpenDirectory in, byte[] name)
            throws IOException {
        tar.header(new TarEntry(
                path,
                type,
                link,
                size,
                stat.permissions(),
                Integer.toUnsignedLong(stat.uid()),
                Integer.toUnsignedLong(stat.gid()),
                timestamps.seconds(stat.mtimeSeconds()),
                timestamps.nanos(stat.mtimeNanos()),
                stat.rdevMajor(),
                stat.rdevMinor(),
                in == null ? new TreeMap<>() : xattrs(in, name),
                SparseMap.NONE));
        entries++;
    }

    private static SortedMap<String, byte[]> xattrs(OpenDirectory directory, byte[] name) throws IOException {
        SortedMap<String, byte[]> found = new TreeMap<>();
        for (String attribute : directory.xattrNames(name)) {
            if (XattrRules.inImage(attribute)) {
                byte[] value = directory.xattr(name, attribute);
                if (value != null) {
                    found.put(attribute, value);
                }
            }
        }
        return found;
    }

    private static byte[] joined(byte[] prefix, byte[] name) {
        byte[] path = Arrays.copyOf(prefix, prefix.length + name.length);
        System.arraycopy(name, 0, path, prefix.length, name.length);
        return path;
    }
}
