package dev.jbuild.layerstore.content;

/// A lock that this process holds, against its own threads and against other processes, until it is closed or dies.
public final class StoreLock implements AutoCloseable {
    private final Runnable release;
    private boolean held = true;

    StoreLock(Runnable release) {
        this.release = release;
    }

    /// Releases the lock; a second call does nothing.
    @Override
    public synchronized void close() {
        if (held) {
            held = false;
            release.run();
        }
    }
}
