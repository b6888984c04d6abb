package dev.jbuild.cli.report;

import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.ResourceUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Progress on a terminal: finished steps scroll up, one line each; below them the header and the running steps with
/// their last lines of output are drawn anew ten times a second by one thread.
final class TtyProgress implements Progress {
    private static final long FRAME_MILLIS = 100;
    private static final int LOG_LINES = 6;
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final String doing;
    private final Io io;
    private final boolean debug;
    private final Instant began;
    private final int logLines;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private final Map<Integer, TtyStep> running = new LinkedHashMap<>();
    private final List<Finished> finished = new ArrayList<>();
    private int begunCount;
    private int finishedCount;
    private int drawnLines;
    private boolean closed;
    private @Nullable Thread drawer;
    private @Nullable WarningList warnings;

    /// @param mark what stands before the name, such as `CACHED `
    private record Finished(
            String mark,
            String name,
            Duration time,
            @Nullable Ink ink) {}

    /// Draws nothing until [#draw] is called.
    TtyProgress(String doing, Io io, boolean debug) {
        this.doing = doing;
        this.io = io;
        this.debug = debug;
        this.began = io.clock().instant();
        this.logLines = logLines(io.env("BUILDKIT_TTY_LOG_LINES"));
    }

    /// Draws from now on.
    static TtyProgress start(String doing, Io io, boolean debug) {
        TtyProgress progress = new TtyProgress(doing, io, debug);
        progress.drawer = Thread.ofPlatform().name("tty-progress").daemon().start(progress::drawUntilClosed);
        return progress;
    }

    private static int logLines(@Nullable String wanted) {
        boolean number =
                wanted != null && wanted.length() <= 3 && wanted.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(wanted) : LOG_LINES;
    }

    @Override
    public void on(BuildEvent event) {
        lock.lock();
        try {
            if (!closed) {
                take(event);
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(BuildEvent event) {
        switch (event) {
            case BuildEvent.Started(int step, String name) -> begin(step, name);
            case BuildEvent.Cached(int step, String name) -> {
                begin(step, name);
                finish(step, "CACHED ", Duration.ZERO, Ink.BLUE);
            }
            case BuildEvent.Completed(int step, Duration duration) -> finish(step, "", duration, Ink.BLUE);
            case BuildEvent.Failed failed ->
                finish(
                        failed.step(),
                        failed.cancelled() ? "CANCELED " : "ERROR ",
                        failed.duration(),
                        failed.cancelled() ? Ink.YELLOW : Ink.RED);
            case BuildEvent.Log log -> step(log.step()).log(TerminalText.plain(log.line()));
            case BuildEvent.Progress(int step, String thing, long current, long total) ->
                step(step).transfer(thing, current, total);
            case BuildEvent.Used(int step, ResourceUsage usage) -> step(step).log(StepText.usage(usage));
            case BuildEvent.Warned warned -> warnings().add(warned.message());
            case BuildEvent.Found found -> warnings().add(found.source(), found.finding());
        }
    }

    private TtyStep begin(int number, String name) {
        TtyStep step = new TtyStep(
                TerminalText.plain(name.replace('\n', ' ')), io.clock().instant(), logLines);
        running.put(number, step);
        begunCount++;
        return step;
    }

    private TtyStep step(int number) {
        TtyStep step = running.get(number);
        return step == null ? begin(number, "") : step;
    }

    private void finish(int number, String mark, Duration time, Ink ink) {
        TtyStep step = step(number);
        running.remove(number);
        finished.add(new Finished(mark, step.name(), time, ink));
        finishedCount++;
    }

    private void drawUntilClosed() {
        lock.lock();
        try {
            while (!closed) {
                draw();
                boolean _ = closing.await(FRAME_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Draws the state of this moment over the one drawn before, in one write so that nothing flickers.
    void draw() {
        lock.lock();
        try {
            drawFrame(false);
        } finally {
            lock.unlock();
        }
    }

    private void drawFrame(boolean over) {
        Instant now = io.clock().instant();
        TtyFrame frame = new TtyFrame(doing, io.terminal().size(), io.colour());
        List<String> lines = new ArrayList<>();
        for (Finished step : finished) {
            String line = frame.step(step.mark() + step.name(), step.time());
            lines.add(step.ink() == null ? line : step.ink().on(line, io.colour()));
        }
        finished.clear();
        int scrolled = lines.size();
        if (over) {
            // What still runs when nobody waits for it any more stays on the screen as it is.
            lines.addAll(frame.running(running.values(), now));
            lines.add(frame.header(Duration.between(began, now), finishedCount, begunCount, true));
            if (warnings != null) {
                warnings.text(debug, io.colour()).lines().forEach(lines::add);
            }
        } else if (begunCount > 0) {
            lines.add(frame.header(Duration.between(began, now), finishedCount, begunCount, false));
            lines.addAll(frame.running(running.values(), now));
        }
        StringBuilder screen = new StringBuilder(HIDE_CURSOR);
        if (drawnLines > 0) {
            screen.append("\u001b[").append(drawnLines).append("A\r");
        }
        for (String line : lines) {
            screen.append(line).append(CLEAR_LINE).append('\n');
        }
        screen.append(CLEAR_BELOW).append(SHOW_CURSOR);
        drawnLines = lines.size() - scrolled;
        io.err().print(screen);
        io.err().flush();
    }

    private WarningList warnings() {
        WarningList list = warnings;
        if (list == null) {
            list = new WarningList();
            warnings = list;
        }
        return list;
    }

    @Override
    public void close() {
        Thread thread;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            thread = drawer;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread != null) {
            join(thread);
        }
        lock.lock();
        try {
            drawFrame(true);
        } finally {
            lock.unlock();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // The thread ends within one frame; the interruption is for whoever called.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
