package dev.jbuild.layerstore.content;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Work in progress of one open store: `tmp/<process>-<its start>-<random>/`, made when it is first needed.
///
/// Its owner holds the lock of that name as long as it lives. What has no such owner is rubbish of a process that
/// died, and whoever opens the store next sweeps it, whatever is still mounted there included. The lock and not the
/// process number says so: processes in different containers may share a store and not see each other.
public final class TempArea implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TempArea.class);

    private final Path tmp;
    private final StoreLocks locks;
    private final String name;
    private final AtomicLong count = new AtomicLong();
    private final Phaser removals = new Phaser(1);
    private @Nullable StoreLock owner;

    public TempArea(Path tmp, StoreLocks locks) {
        this.tmp = tmp;
        this.locks = locks;
        byte[] random = new byte[4];
        ThreadLocalRandom.current().nextBytes(random);
        this.name = ProcessHandle.current().pid() + "-" + processStart() + "-"
                + HexFormat.of().formatHex(random);
    }

    /// A path for a new file; there is nothing at it yet.
    public Path newFile(String purpose) {
        return directory().resolve(purpose + "-" + count.incrementAndGet());
    }

    /// A new, empty directory.
    public Path newDirectory(String purpose) {
        Path directory = newFile(purpose);
        try {
            return Files.createDirectory(directory);
        } catch (IOException e) {
            throw StoreException.of(e, directory, "make a temporary directory");
        }
    }

    /// Writes a small file so that others see the old content or the new, never a part.
    public void publish(Path target, byte[] content) {
        Path file = newFile("file");
        try {
            Files.write(file, content);
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StoreException.of(e, target, "write a record");
        }
    }

    /// [#publish(Path, byte\[\])] of these fields.
    public void publish(Path target, Fields fields) {
        publish(target, fields.bytes());
    }

    /// Removes a tree that others may be looking at: first out of their sight, then from the disk.
    public void discard(Path tree) {
        Path away = newFile("discarded");
        try {
            Files.move(tree, away, StandardCopyOption.ATOMIC_MOVE);
            Kernel.removeTree(away);
        } catch (NoSuchFileException e) {
            // Somebody else removed it first.
            return;
        } catch (IOException e) {
            throw StoreException.of(e, tree, "remove a directory");
        }
    }

    /// Removes a directory of these temporary files beside other work: it is gone when [#close()] returns.
    public void removeSoon(Path directory) {
        removals.register();
        Thread.ofVirtual().start(() -> {
            try {
                Kernel.removeTree(directory);
            } catch (KernelException e) {
                // What is left goes when this is closed, which fails if it cannot be removed then either.
                LOG.debug("{} stays for now", directory, e);
            } finally {
                removals.arriveAndDeregister();
            }
        });
    }

    /// Removes what processes that are gone left behind.
    public void sweep() {
        try (DirectoryStream<Path> areas = Files.newDirectoryStream(tmp)) {
            for (Path area : areas) {
                sweep(area);
            }
        } catch (IOException e) {
            throw StoreException.of(e, tmp, "sweep the store's temporary files");
        }
    }

    @SuppressWarnings("try") // a lock is only held
    private void sweep(Path area) throws IOException {
        Optional<StoreLock> dead = locks.tryLock(lockName(area.getFileName().toString()));
        if (dead.isEmpty()) {
            return;
        }
        try (StoreLock held = dead.get()) {
            remove(area);
        }
    }

    private static void remove(Path area) throws IOException {
        try {
            // Most often it is empty, and the kernel calls need not be linked.
            Files.deleteIfExists(area);
        } catch (DirectoryNotEmptyException e) {
            Kernel.detachMountsBelow(area);
            Kernel.removeTree(area);
        }
    }

    private synchronized Path directory() {
        Path directory = tmp.resolve(name);
        if (owner == null) {
            // First the lock, then the directory: a sweep in between must not find it without an owner.
            StoreLock lock = locks.tryLock(lockName(name)).orElseThrow();
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
                lock.close();
                throw new StoreException(StoreException.Kind.CONFLICT, directory + " is there already", directory, e);
            } catch (IOException e) {
                lock.close();
                throw StoreException.of(e, directory, "make a temporary directory");
            }
            owner = lock;
        }
        return directory;
    }

    private static String lockName(String area) {
        return "tmp/" + area;
    }

    /// When this process started, in clock ticks since the machine did.
    private static String processStart() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            // The second field is a name that may hold anything; after its bracket come the third and all others.
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new StoreException(
                    StoreException.Kind.UNSUPPORTED,
                    "cannot read /proc/self/stat: jbuild needs a mounted /proc",
                    null,
                    e);
        }
    }

    /// Removes the temporary files of this open store.
    @SuppressWarnings("try") // a lock is only held
    @Override
    public synchronized void close() {
        if (owner == null) {
            return;
        }
        removals.arriveAndAwaitAdvance();
        Path directory = tmp.resolve(name);
        try (StoreLock held = owner) {
            owner = null;
            remove(directory);
        } catch (IOException e) {
            throw StoreException.of(e, directory, "remove the store's temporary files");
        }
    }
}
