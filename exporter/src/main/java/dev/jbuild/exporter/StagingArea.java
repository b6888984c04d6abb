package dev.jbuild.exporter;

import dev.jbuild.layerstore.kernel.OpenDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// A hidden directory in an output directory, where files are written before they are renamed to their places.
///
/// A file in it is locked as long as its owner lives, so that the next export removes what a killed one left.
final class StagingArea implements AutoCloseable {
    private static final String PREFIX = ".jbuild-partial-";
    private static final String LOCK = "lock";

    private final OpenDirectory parent;
    private final byte[] name;
    private final OpenDirectory directory;
    private final FileChannel lock;
    private final long device;
    private long files;

    private StagingArea(OpenDirectory parent, byte[] name, OpenDirectory directory, FileChannel lock)
            throws IOException {
        this.parent = parent;
        this.name = name;
        this.directory = directory;
        this.lock = lock;
        this.device = directory.stat().dev();
    }

    static boolean isOne(String name) {
        return name.startsWith(PREFIX);
    }

    /// A new area, and an end to those whose owners are gone.
    static StagingArea open(Path root) throws IOException {
        sweep(root);
        while (true) {
            String name = PREFIX + OwnerLock.randomSuffix();
            Path path = Files.createDirectory(root.resolve(name));
            FileChannel lock = OwnerLock.create(path.resolve(LOCK));
            if (lock != null) {
                return new StagingArea(
                        OpenDirectory.open(root),
                        name.getBytes(StandardCharsets.US_ASCII),
                        OpenDirectory.open(path),
                        lock);
            }
        }
    }

    private static void sweep(Path root) throws IOException {
        if (!Files.isReadable(root)) {
            return;
        }
        try (DirectoryStream<Path> areas = Files.newDirectoryStream(
                        root, path -> isOne(path.getFileName().toString()));
                OpenDirectory parent = OpenDirectory.open(root)) {
            for (Path area : areas) {
                // Without its lock file an area is only just being made, or lost it while it was being removed.
                if (Files.isDirectory(area, LinkOption.NOFOLLOW_LINKS)) {
                    byte[] name = area.getFileName().toString().getBytes(StandardCharsets.UTF_8);
                    OwnerLock.sweep(area.resolve(LOCK), () -> parent.removeTree(name));
                }
            }
        }
    }

    /// Where a file must be written that is to be renamed into this directory: here, unless that is on
    /// another file system.
    OpenDirectory directoryFor(OpenDirectory target) throws IOException {
        return target.stat().dev() == device ? directory : target;
    }

    /// A name that no other file in such a directory has.
    byte[] newName() {
        String suffix = Long.toString(++files);
        return (new String(name, StandardCharsets.US_ASCII) + "-" + suffix).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        try (parent;
                lock) {
            directory.close();
            parent.removeTree(name);
        }
    }
}
