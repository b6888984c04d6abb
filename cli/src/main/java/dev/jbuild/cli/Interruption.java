package dev.jbuild.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C and a polite kill into an interruption of the thread that does the work, and gives it the time to stop
/// its children and to clean up.
final class Interruption implements AutoCloseable {
    private static final long GRACE_SECONDS = 15;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Thread worker) {
        this.hook = new Thread(() -> stop(worker), "interruption");
    }

    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void stop(Thread worker) {
        worker.interrupt();
        try {
            if (!finished.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                worker.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs, and waits for this.
            Thread.interrupted();
        }
        finished.countDown();
    }
}
