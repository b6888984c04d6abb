package dev.jbuild.parser.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// Notices what takes more than linear time. Small inputs hide that, so now and then an input is repeated until it is
/// large; the thread's own processor time is what counts, whatever else the machine does.
public final class CpuBudget {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int LARGE = 1 << 16;
    /// Linear work on so much takes a twentieth of it at the first, interpreted and instrumented, call.
    private static final long NANOS = 8_000_000_000L;

    private final int every;
    private int count;

    /// @param every which share of the inputs is repeated
    public CpuBudget(int every) {
        this.every = every;
    }

    /// Whether it is an input's turn to be repeated.
    public boolean isDue() {
        return ++count % every == 0;
    }

    /// The text, repeated until it is large.
    public static String large(String text) {
        return text.isEmpty() ? text : text.repeat(1 + LARGE / text.length());
    }

    /// Runs the work on a large input.
    ///
    /// @throws AssertionError if it took too long
    public static void check(String what, Runnable work) {
        long start = THREADS.getCurrentThreadCpuTime();
        work.run();
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        if (nanos > NANOS) {
            throw new AssertionError(what + " took " + nanos / 1_000_000 + " ms of processor time when repeated");
        }
    }
}
