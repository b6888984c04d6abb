package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import java.time.Duration;

/// Turns Ctrl-C and a polite kill into an interruption of the thread that does the work, and gives it the
/// time to stop its children, to clean up and to say that it was stopped; it then halts the process itself.
/// Who does not want to wait for that sends a second one.
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
        SecondSignal.onArrival(Interruption::kill);
        worker.interrupt();
        try {
            worker.join(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nothing of what is written at this moment is seen by anybody later: it has no name yet, and the next build
    /// sweeps it.
    private static void kill() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        System.err.print("\nERROR: killed\n");
        System.err.flush();
        Runtime.getRuntime().halt(ExitCode.CANCELLED.code());
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
