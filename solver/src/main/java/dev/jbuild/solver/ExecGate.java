package dev.jbuild.solver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Decides how many processes run at the same time.
///
/// As many as there are cores, and two at least, always run side by side. Beyond that more are let in while the
/// machine is idle, since steps that sleep, download or wait cost nothing; the one with the longest known path first.
/// Each time twice as many as before, until the machine is busy for longer than it takes to start them.
final class ExecGate {
    private static final Path STAT = Path.of("/proc/stat");
    private static final long SAMPLE_MILLIS = 15;
    private static final double IDLE_ENOUGH = 0.35;
    /// So many samples in a row without idle time are work and not the start of processes.
    private static final int BUSY_FOR_LONG = 10;

    private final int always;
    private final int most;
    private final PriorityQueue<Waiter> waiting = new PriorityQueue<>(
            Comparator.comparingLong((Waiter waiter) -> -waiter.weight).thenComparingLong(waiter -> waiter.number));
    private int running;
    private long lastNumber;
    private boolean watching;

    ExecGate(int jobs) {
        this.most = Math.max(1, jobs);
        this.always = Math.min(most, Math.max(2, Runtime.getRuntime().availableProcessors()));
    }

    private record Waiter(long weight, long number, CountDownLatch admitted) {}

    /// Waits for a place.
    ///
    /// @param weight how long the work that hangs on this step is known to take, in nanoseconds
    void enter(long weight) throws InterruptedException {
        Waiter waiter;
        synchronized (this) {
            if (running < always && waiting.isEmpty()) {
                running++;
                return;
            }
            waiter = new Waiter(weight, lastNumber++, new CountDownLatch(1));
            waiting.add(waiter);
            watch();
        }
        try {
            waiter.admitted().await();
        } catch (InterruptedException e) {
            synchronized (this) {
                if (!waiting.remove(waiter)) {
                    leave();
                }
            }
            throw e;
        }
    }

    synchronized void leave() {
        running--;
        if (running < always) {
            admit();
        }
    }

    private synchronized void admit() {
        Waiter next = waiting.poll();
        if (next != null) {
            running++;
            next.admitted().countDown();
        }
    }

    private void watch() {
        if (watching || most <= always) {
            return;
        }
        watching = true;
        Thread.ofVirtual().start(this::letInWhileIdle);
    }

    private void letInWhileIdle() {
        long[] before = sample();
        int step = always;
        int busy = 0;
        while (true) {
            try {
                TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long[] now = sample();
            double idle = now[1] == before[1] ? 0 : (double) (now[0] - before[0]) / (now[1] - before[1]);
            // Ticks are coarse: look further back until there is something to see.
            if (now[1] != before[1]) {
                before = now;
            }
            synchronized (this) {
                if (waiting.isEmpty()) {
                    watching = false;
                    return;
                }
                if (idle >= IDLE_ENOUGH) {
                    for (int more = 0; more < step && running < most; more++) {
                        admit();
                    }
                    step = Math.min(2 * step, most);
                    busy = 0;
                } else if (++busy > BUSY_FOR_LONG) {
                    step = always;
                }
            }
        }
    }

    /// Idle and total ticks of all cores.
    private static long[] sample() {
        try {
            String[] fields = Files.readString(STAT).split("\n", 2)[0].trim().split("\\s+", -1);
            long total = 0;
            for (int i = 1; i < fields.length; i++) {
                total += Long.parseLong(fields[i]);
            }
            return new long[] {Long.parseLong(fields[4]) + Long.parseLong(fields[5]), total};
        } catch (IOException | NumberFormatException e) {
            // Without the figures nothing is known to be idle.
            return new long[] {0, 0};
        }
    }
}
