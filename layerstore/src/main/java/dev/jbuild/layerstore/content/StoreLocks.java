package dev.jbuild.layerstore.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The locks of one store, between the threads of this process and between processes.
///
/// All of them are byte ranges of one file: a name locks the byte that its hash says. Nothing is left
/// behind when a lock is released or its process is killed. The kernel gives up all locks of a process when
/// *any* descriptor of the file is closed, so that this process opens the file once, however many stores it
/// opens on the same directory.
public final class StoreLocks implements AutoCloseable {
    private static final Map<Path, LockFile> OPEN = new HashMap<>();
    private static final long STORE = 0;

    private final LockFile file;
    private boolean open = true;

    private StoreLocks(LockFile file) {
        this.file = file;
    }

    /// The locks in this file, which is made if it is not there.
    public static StoreLocks open(Path path) {
        return open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
    }

    /// The locks in this file, for a process that may not write it: it can share the store and lock nothing else.
    public static StoreLocks openToRead(Path path) {
        return open(path, Set.of(StandardOpenOption.READ));
    }

    private static StoreLocks open(Path path, Set<StandardOpenOption> how) {
        try {
            Path key = path.getParent() == null
                    ? path.toAbsolutePath()
                    : path.getParent().toRealPath().resolve(path.getFileName());
            synchronized (OPEN) {
                LockFile file = OPEN.get(key);
                if (file == null) {
                    file = new LockFile(key, FileChannel.open(key, how));
                    OPEN.put(key, file);
                }
                file.users++;
                return new StoreLocks(file);
            }
        } catch (IOException e) {
            throw StoreException.of(e, path, "open the store's locks");
        }
    }

    /// Waits for this lock and takes it. It is not reentrant.
    public StoreLock lock(String name) throws InterruptedException {
        long position = position(name);
        Turn turn = file.queue(position);
        try {
            turn.semaphore.acquire();
        } catch (InterruptedException e) {
            file.leave(position, turn);
            throw e;
        }
        return lockFile(position, turn, true).orElseThrow();
    }

    /// Takes this lock if nobody has it.
    public Optional<StoreLock> tryLock(String name) {
        long position = position(name);
        Turn turn = file.queue(position);
        if (!turn.semaphore.tryAcquire()) {
            file.leave(position, turn);
            return Optional.empty();
        }
        try {
            return lockFile(position, turn, false);
        } catch (InterruptedException e) {
            throw new AssertionError("tryLock does not wait", e);
        }
    }

    private Optional<StoreLock> lockFile(long position, Turn turn, boolean wait) throws InterruptedException {
        FileLock lock = null;
        try {
            lock = wait ? file.await(position, false) : file.tryLock(position, false);
        } finally {
            if (lock == null) {
                turn.semaphore.release();
                file.leave(position, turn);
            }
        }
        if (lock == null) {
            return Optional.empty();
        }
        FileLock held = lock;
        return Optional.of(new StoreLock(() -> {
            file.release(held);
            turn.semaphore.release();
            file.leave(position, turn);
        }));
    }

    /// Waits until nobody has the whole store for himself, and keeps it from happening.
    public StoreLock shareStore() throws InterruptedException {
        for (Backoff backoff = new Backoff(); ; backoff.sleep()) {
            synchronized (file) {
                if (!file.exclusive && file.store == null) {
                    file.store = file.tryLock(STORE, true);
                }
                if (!file.exclusive && file.store != null) {
                    file.sharers++;
                    return new StoreLock(file::unshare);
                }
            }
        }
    }

    /// The whole store for this one caller, if nobody else, in this process or another, shares it now.
    public Optional<StoreLock> tryOwnStore() {
        synchronized (file) {
            if (file.store != null) {
                return Optional.empty();
            }
            file.store = file.tryLock(STORE, false);
            if (file.store == null) {
                return Optional.empty();
            }
            file.exclusive = true;
            return Optional.of(new StoreLock(file::disown));
        }
    }

    /// Waits until nobody shares the store, and takes the whole store.
    public StoreLock ownStore() throws InterruptedException {
        for (Backoff backoff = new Backoff(); ; backoff.sleep()) {
            Optional<StoreLock> lock = tryOwnStore();
            if (lock.isPresent()) {
                return lock.get();
            }
        }
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (!open) {
                return;
            }
            open = false;
            file.users--;
            if (file.users == 0) {
                OPEN.remove(file.path);
                try {
                    file.channel.close();
                } catch (IOException e) {
                    throw StoreException.of(e, file.path, "close the store's locks");
                }
            }
        }
    }

    /// FNV-1a in 64 bits: two names with one byte would only wait for each other without need.
    private static long position(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        long position = hash & (Long.MAX_VALUE >> 1);
        return position == STORE ? 1 : position;
    }

    /// Threads of this process that want one byte; only one of them at a time asks the kernel.
    private static final class Turn {
        final Semaphore semaphore = new Semaphore(1, true);
        int users;
    }

    /// Waiting between two tries. Polling, because a thread blocked in the kernel's lock call can neither be
    /// interrupted nor, if it is virtual, give its carrier to others.
    private static final class Backoff {
        private long micros = 500;

        void sleep() throws InterruptedException {
            TimeUnit.MICROSECONDS.sleep(micros);
            micros = Math.min(micros * 2, 20_000);
        }
    }

    private static final class LockFile {
        final Path path;
        final FileChannel channel;
        final Map<Long, Turn> turns = new HashMap<>();
        int users;
        int sharers;
        boolean exclusive;

        @Nullable
        FileLock store;

        LockFile(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        synchronized Turn queue(long position) {
            Turn turn = turns.computeIfAbsent(position, p -> new Turn());
            turn.users++;
            return turn;
        }

        synchronized void leave(long position, Turn turn) {
            turn.users--;
            if (turn.users == 0) {
                turns.remove(position);
            }
        }

        @Nullable
        FileLock tryLock(long position, boolean shared) {
            try {
                return channel.tryLock(position, 1, shared);
            } catch (IOException e) {
                throw StoreException.of(e, path, "lock the store");
            }
        }

        FileLock await(long position, boolean shared) throws InterruptedException {
            for (Backoff backoff = new Backoff(); ; backoff.sleep()) {
                FileLock lock = tryLock(position, shared);
                if (lock != null) {
                    return lock;
                }
            }
        }

        void release(FileLock lock) {
            try {
                lock.release();
            } catch (IOException e) {
                throw StoreException.of(e, path, "unlock the store");
            }
        }

        synchronized void unshare() {
            sharers--;
            if (sharers == 0 && store != null) {
                FileLock lock = store;
                store = null;
                release(lock);
            }
        }

        synchronized void disown() {
            exclusive = false;
            FileLock lock = store;
            store = null;
            if (lock != null) {
                release(lock);
            }
        }
    }
}
