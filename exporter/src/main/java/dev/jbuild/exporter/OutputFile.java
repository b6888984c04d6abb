package dev.jbuild.exporter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that appears under its name when it is complete, and not before.
///
/// Until then it lies beside that name, locked. What a killed process left there is recognized by the missing lock and
/// removed by the next one that writes the same file. A device or pipe is written to as it is.
final class OutputFile implements AutoCloseable {
    private static final String MARK = ".jbuild-partial-";

    private final Path target;
    private final Path temp;
    private final FileChannel channel;
    private boolean committed;

    private OutputFile(Path target, Path temp, FileChannel channel) {
        this.target = target;
        this.temp = temp;
        this.channel = channel;
    }

    /// @throws ExportException if the file cannot be written there, as [#check(Path)] says
    static OutputFile create(Path destination) throws IOException {
        check(destination);
        if (isSpecial(destination)) {
            return new OutputFile(destination, destination, FileChannel.open(destination, StandardOpenOption.WRITE));
        }
        // A symbolic link stays what it is; the file it leads to is replaced.
        Path target = Files.exists(destination) ? destination.toRealPath() : destination.toAbsolutePath();
        Path folder = folder(target);
        String prefix = "." + target.getFileName() + MARK;
        sweep(folder, prefix);
        while (true) {
            Path temp = folder.resolve(prefix + OwnerLock.randomSuffix());
            FileChannel channel = OwnerLock.create(temp);
            if (channel != null) {
                if (Files.exists(target)) {
                    Files.setPosixFilePermissions(temp, Files.getPosixFilePermissions(target));
                }
                return new OutputFile(target, temp, channel);
            }
        }
    }

    /// Says early what would fail late.
    ///
    /// @throws ExportException if the destination is a directory, or its directory is missing or cannot be written
    static void check(Path destination) {
        if (Files.isDirectory(destination)) {
            throw ExportException.failed(
                    "cannot write " + destination + ": it is a directory; name a file in it", destination);
        }
        Path folder = folder(destination.toAbsolutePath());
        if (!Files.exists(folder)) {
            throw ExportException.failed(
                    "cannot write " + destination + ": the directory " + folder + " does not exist; create it first",
                    destination);
        }
        if (!Files.isDirectory(folder)) {
            throw ExportException.failed(
                    "cannot write " + destination + ": " + folder + " is not a directory", destination);
        }
        Path written = isSpecial(destination) ? destination : folder;
        if (!Files.isWritable(written)) {
            throw ExportException.failed(
                    "cannot write " + destination + ": " + written + " cannot be written by this user", destination);
        }
    }

    // A device, a pipe, a terminal: something that cannot be replaced by a file.
    private static boolean isSpecial(Path destination) {
        return Files.exists(destination) && !Files.isRegularFile(destination) && !Files.isDirectory(destination);
    }

    private static Path folder(Path absolute) {
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }

    private static void sweep(Path folder, String prefix) throws IOException {
        if (!Files.isReadable(folder)) {
            return;
        }
        try (DirectoryStream<Path> partial = Files.newDirectoryStream(
                folder, path -> path.getFileName().toString().startsWith(prefix))) {
            for (Path path : partial) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    OwnerLock.sweep(path, () -> Files.deleteIfExists(path));
                }
            }
        }
    }

    FileChannel channel() {
        return channel;
    }

    /// Gives the file its name.
    void commit() throws IOException {
        if (!temp.equals(target)) {
            try {
                Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                throw new IOException("it is a mount point; choose a file that can be replaced", e);
            }
        }
        committed = true;
        channel.close();
    }

    /// Discards the file unless it was committed.
    @Override
    public void close() throws IOException {
        if (!committed) {
            channel.close();
            if (!temp.equals(target)) {
                Files.deleteIfExists(temp);
            }
        }
    }
}
