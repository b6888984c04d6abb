package dev.jbuild.cli;

import java.time.Duration;

/// Turns Ctrl-C and a polite kill into an interruption of the thread that does the work, and gives it the time to stop
/// its children, to clean up and to say that it was stopped; it then halts the process itself.
final class Interruption implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final Thread hook;

    private Interruption(Thread worker) {
        this.hook = new Thread(() -> stop(worker), "interruption");
    }

    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private static void stop(Thread worker) {
        worker.interrupt();
        try {
            worker.join(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook goes on waiting for this thread, which has yet to say so.
            Thread.interrupted();
        }
    }
}
