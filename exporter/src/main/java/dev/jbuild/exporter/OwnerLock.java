package dev.jbuild.exporter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Tells unfinished output of a living process from what a killed one left: the former has a locked file.
///
/// Where the file system has no locks, nothing is ever taken for abandoned.
final class OwnerLock {
    private OwnerLock() {}

    /// A suffix that makes a name new.
    static String randomSuffix() {
        byte[] random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /// Makes a new file and locks it until the channel is closed. Null if another process took it for abandoned before
    /// it was locked; try again with another name.
    static @Nullable FileChannel create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try {
            channel.lock();
        } catch (FileLockInterruptionException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        } catch (IOException e) {
            // No locks here: then nobody sweeps here either.
            return channel;
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return channel;
        }
        channel.close();
        return null;
    }

    /// Removes what belongs to this file, if its owner is gone. The file stays locked meanwhile.
    static void sweep(Path file, Removal removal) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (isFree(channel)) {
                removal.remove();
            }
        } catch (FileSystemException e) {
            // Gone meanwhile, or somebody else's: neither concerns this export.
        }
    }

    @FunctionalInterface
    interface Removal {
        void remove() throws IOException;
    }

    private static boolean isFree(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }
}
