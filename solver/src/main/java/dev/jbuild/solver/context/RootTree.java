package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A root file system, mounted or in a directory, with owners, modes, devices and extended attributes as they are.
/// Nothing is remembered: it may be as large as it likes.
public final class RootTree implements Tree {
    private final Path root;
    private final String name;

    /// A tree that messages name only vaguely.
    public RootTree(Path root) {
        this(root, "the source");
    }

    /// @param name how messages name the tree, such as `the build stage "base"`
    public RootTree(Path root, String name) {
        this.root = root;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Stat stat(String path) throws IOException {
        return DiskFile.stat(location(path));
    }

    @Override
    public List<TreeEntry> list(String path) throws IOException {
        List<TreeEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(location(path))) {
            for (Path file : files) {
                Stat stat = DiskFile.stat(file);
                if (stat != null) {
                    entries.add(new TreeEntry(FileName.of(file), stat));
                }
            }
        }
        entries.sort(TreeEntry.ByName.ORDER);
        return entries;
    }

    @Override
    public String link(String path) throws IOException {
        return FileName.ofLink(Files.readSymbolicLink(location(path)));
    }

    @Override
    public Map<String, byte[]> xattrs(String path) throws IOException {
        Path file = location(path);
        Map<String, byte[]> xattrs = new TreeMap<>();
        for (String attribute : Kernel.xattrNames(file)) {
            byte[] value = isContent(attribute) ? Kernel.xattr(file, attribute) : null;
            if (value != null) {
                xattrs.put(attribute, value);
            }
        }
        return xattrs;
    }

    /// Whether an attribute belongs to the file, and not to this machine's security policy or to overlay's books.
    private static boolean isContent(String attribute) {
        if (attribute.startsWith("security.")) {
            return attribute.equals("security.capability");
        }
        return !attribute.startsWith("trusted.overlay.") && !attribute.startsWith("user.overlay.");
    }

    @Override
    public Path location(String path) {
        return path.isEmpty() ? root : FileName.resolve(root, path);
    }

    @Override
    public List<byte[]> contents(List<TreeEntry> files) throws IOException, InterruptedException {
        List<Path> paths = new ArrayList<>(files.size());
        long bytes = 0;
        for (TreeEntry file : files) {
            paths.add(location(file.name()));
            bytes += file.stat().size();
        }
        try {
            return FileHasher.hash(paths, bytes);
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " vanished from " + name + " while it was read", e);
        }
    }

    @Override
    public String whyMissing(String path) throws IOException {
        return NearName.of(this, path);
    }
}
