package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.parser.ignore.IgnoreFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// A build context on this machine, read in place: what its ignore patterns leave, all of it owned by root and without
/// extended attributes.
///
/// A directory is walked when something selects it, and then not again: all instructions of a build see the files as
/// they were the first time. Content that an index of earlier builds knows is not read.
public final class BuildContext implements Tree {
    private static final int ROOT_MODE = Stat.DIRECTORY | 0755;

    private final Path directory;
    private final String name;
    private final IgnoreFile ignore;
    private final StatIndex index;
    private final boolean unfiltered;
    private final Map<String, Optional<Stat>> files = new ConcurrentHashMap<>();
    private final Map<String, Directory> directories = new ConcurrentHashMap<>();
    private final ReentrantLock hashing = new ReentrantLock();

    private BuildContext(Path directory, String name, IgnoreFile ignore, StatIndex index) {
        this.directory = directory;
        this.name = name;
        this.ignore = ignore;
        this.index = index;
        this.unfiltered = ignore.isEmpty();
    }

    /// Opens a directory as a build context. Nothing is walked yet.
    ///
    /// @param indexFile where the content hashes of earlier builds are kept; need not exist
    /// @throws NoSuchFileException if there is no such directory
    /// @throws NotDirectoryException if it is something else
    public static BuildContext open(Path directory, IgnoreFile ignore, Path indexFile) throws IOException {
        return open("the build context", directory, ignore, indexFile);
    }

    /// As [#open(Path, IgnoreFile, Path)].
    ///
    /// @param called what messages call it, before they name the directory
    public static BuildContext open(String called, Path directory, IgnoreFile ignore, Path indexFile)
            throws IOException {
        Path real = directory.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(directory.toString());
        }
        return new BuildContext(real, called + " " + directory, ignore, StatIndex.read(indexFile, real));
    }

    /// Keeps the content hashes for the next build, if there are new ones. If they cannot be written, the next build
    /// takes longer, and this one does not fail for it.
    public void save() {
        try {
            index.save();
        } catch (IOException e) {
            LoggerFactory.getLogger(BuildContext.class).debug("cannot keep the content hashes of {}", directory, e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Stat stat(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        Directory parent = directories.get(path.substring(0, Math.max(slash, 0)));
        List<TreeEntry> listed = parent == null || path.isEmpty() ? null : parent.known;
        if (listed != null) {
            return find(listed, path.substring(slash + 1));
        }
        Optional<Stat> known = files.get(path);
        if (known == null) {
            known = Optional.ofNullable(look(path, location(path)));
            files.put(path, known);
        }
        return known.orElse(null);
    }

    private static @Nullable Stat find(List<TreeEntry> listed, String name) {
        int low = 0;
        int high = listed.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = FileName.compare(listed.get(middle).name(), name);
            if (order == 0) {
                return listed.get(middle).stat();
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /// The file, as instructions see it; null if they do not.
    private @Nullable Stat look(String path, Path file) throws IOException {
        boolean excluded = !unfiltered && ignore.excludes(path);
        if (excluded && !ignore.mayIncludeBelow(path)) {
            return null;
        }
        Stat stat = DiskFile.stat(file, true);
        if (stat == null) {
            return null;
        }
        // An excluded directory is there for what a later pattern includes again in it, if there is any.
        if (excluded && (!stat.isDirectory() || list(path).isEmpty())) {
            return null;
        }
        return path.isEmpty() ? top(stat) : stat;
    }

    /// The directory itself is no part of what it holds: its permissions come from whoever made it.
    private static Stat top(Stat stat) {
        return new Stat(
                ROOT_MODE,
                0,
                0,
                stat.size(),
                stat.mtimeSeconds(),
                stat.mtimeNanos(),
                stat.ctimeSeconds(),
                stat.ctimeNanos(),
                stat.ino(),
                stat.dev(),
                stat.rdev(),
                stat.nlink(),
                stat.blocks());
    }

    @Override
    public List<TreeEntry> list(String path) throws IOException {
        return directory(path).entries();
    }

    private Directory directory(String path) {
        Directory known = directories.get(path);
        if (known == null) {
            Directory first = new Directory(path);
            known = directories.putIfAbsent(path, first);
            return known == null ? first : known;
        }
        return known;
    }

    /// One directory, listed at most once.
    private final class Directory {
        private final String path;
        private volatile @Nullable List<TreeEntry> known;

        Directory(String path) {
            this.path = path;
        }

        // Whoever comes second waits; a thread only ever waits further down the tree, so that none waits for another
        // that waits for it.
        synchronized List<TreeEntry> entries() throws IOException {
            List<TreeEntry> entries = known;
            if (entries == null) {
                entries = walk();
                known = entries;
            }
            return entries;
        }

        private List<TreeEntry> walk() throws IOException {
            List<TreeEntry> entries = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(location(path))) {
                for (Path file : stream) {
                    String name = FileName.of(file);
                    Stat stat = look(TreeEntry.join(path, name), file);
                    if (stat != null) {
                        entries.add(new TreeEntry(name, stat));
                    }
                }
            }
            entries.sort(TreeEntry.ByName.ORDER);
            return List.copyOf(entries);
        }
    }

    @Override
    public String link(String path) throws IOException {
        return FileName.ofLink(Files.readSymbolicLink(location(path)));
    }

    @Override
    public Map<String, byte[]> xattrs(String path) {
        return Map.of();
    }

    @Override
    public Path location(String path) {
        return path.isEmpty() ? directory : FileName.resolve(directory, path);
    }

    @Override
    public List<byte[]> contents(List<TreeEntry> files) throws IOException, InterruptedException {
        List<byte[]> contents = new ArrayList<>(files.size());
        List<Integer> unknown = lookUp(files, contents);
        if (!unknown.isEmpty()) {
            // One at a time: what another instruction is hashing is most often the same.
            hashing.lockInterruptibly();
            try {
                contents.clear();
                readUnknown(files, lookUp(files, contents), contents);
            } finally {
                hashing.unlock();
            }
        }
        return contents;
    }

    /// Adds what is known, and an empty array for what is not; returns the positions of the latter.
    private List<Integer> lookUp(List<TreeEntry> files, List<byte[]> contents) {
        List<Integer> unknown = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            byte[] content = index.find(files.get(i));
            if (content == null) {
                unknown.add(i);
            }
            contents.add(content == null ? new byte[0] : content);
        }
        return unknown;
    }

    private void readUnknown(List<TreeEntry> files, List<Integer> unknown, List<byte[]> contents)
            throws IOException, InterruptedException {
        List<Path> paths = new ArrayList<>(unknown.size());
        long bytes = 0;
        for (int i : unknown) {
            paths.add(location(files.get(i).name()));
            bytes += files.get(i).stat().size();
        }
        List<byte[]> hashed;
        try {
            hashed = FileHasher.hash(paths, bytes);
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " vanished from " + name + " while it was read", e);
        }
        for (int i = 0; i < hashed.size(); i++) {
            int position = unknown.get(i);
            index.add(files.get(position), hashed.get(i));
            contents.set(position, hashed.get(i));
        }
    }

    @Override
    public String whyMissing(String path) throws IOException {
        TreeEntry hidden = new RootTree(directory, name()).resolve(path, true);
        if (hidden == null) {
            return NearName.of(this, path);
        }
        String reason = ignore.reason(hidden.name());
        return reason == null ? ": the ignore file excludes it" : ": it is excluded by " + reason;
    }
}
