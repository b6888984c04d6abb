package dev.jbuild.cli.report;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.ResourceUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// BuildKit's plain format: `#7 [build 2/3] RUN make`, `#7 0.123 line`, `#7 DONE 1.2s`.
///
/// One step at a time has the floor. What others say is held until they finish, until the floor has been
/// quiet for a moment, or until it has been theirs to wait for long enough; so parallel steps neither mix
/// nor switch with every line.
final class PlainProgress implements Progress {
    /// How long the step with the floor may be quiet while others wait.
    static final Duration QUIET = Duration.ofMillis(300);

    /// How long a step waits for a step that is never quiet.
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final long TICK_MILLIS = 100;

    private final Io io;
    private final boolean debug;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, PlainStep> steps = new TreeMap<>();
    private final StringBuilder block = new StringBuilder();
    private @Nullable PlainStep floor;
    private Instant lastSaid = Instant.EPOCH;
    private boolean saidAnything;
    private boolean closed;
    private @Nullable Thread ticker;
    private @Nullable WarningList warnings;

    PlainProgress(Io io, boolean debug) {
        this.io = io;
        this.debug = debug;
    }

    @Override
    public void on(BuildEvent event) {
        lock.lock();
        try {
            if (!closed) {
                take(event);
                write();
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(BuildEvent event) {
        switch (event) {
            case BuildEvent.Started(int step, String name) -> hold(begin(step, name), List.of());
            case BuildEvent.Cached(int step, String name) -> finish(begin(step, name), "CACHED");
            case BuildEvent.Log log -> say(step(log.step()), line(log));
            case BuildEvent.Progress(int step, String thing, long current, long total) -> {
                PlainStep mover = step(step);
                String line = mover.transfer(thing, current, total, io.clock().instant());
                if (line != null) {
                    say(mover, line);
                }
            }
            case BuildEvent.Used(int step, ResourceUsage usage) -> say(step(step), StepText.usage(usage));
            case BuildEvent.Warned warned -> {
                warnings().add(warned.message());
                say(step(warned.step()), "WARN: " + TerminalText.plain(warned.message()));
            }
            case BuildEvent.Found(int step, Source source, Diagnostic finding) -> {
                warnings().add(source, finding);
                String text = FindingText.of(source, finding).withLine();
                say(step(step), "WARN: " + TerminalText.plain(text));
            }
            case BuildEvent.Completed(int step, Duration duration) ->
                finish(step(step), "DONE " + StepText.seconds(duration, 1) + "s");
            case BuildEvent.Failed failed ->
                finish(
                        step(failed.step()),
                        failed.cancelled() ? "CANCELED" : "ERROR: " + TerminalText.plain(firstLine(failed.message())));
        }
    }

    private WarningList warnings() {
        WarningList list = warnings;
        if (list == null) {
            list = new WarningList();
            warnings = list;
        }
        return list;
    }

    private static String line(BuildEvent.Log log) {
        String text = TerminalText.coloured(log.line());
        return switch (log.stream()) {
            case STDOUT, STDERR -> StepText.lineTime(log.sinceStart()) + " " + text;
            case STATUS -> text;
        };
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private PlainStep begin(int number, String name) {
        PlainStep step = new PlainStep(number, TerminalText.plain(name.replace('\n', ' ')));
        steps.put(number, step);
        return step;
    }

    /// An event of a step nobody announced is shown all the same.
    private PlainStep step(int number) {
        PlainStep step = steps.get(number);
        return step == null ? begin(number, "") : step;
    }

    private void say(PlainStep step, String line) {
        if (floor == null || floor == step) {
            step.hold(line, io.clock().instant());
            show(step);
        } else {
            hold(step, List.of(line));
        }
    }

    private void hold(PlainStep step, List<String> lines) {
        Instant now = io.clock().instant();
        step.waitFrom(now);
        lines.forEach(line -> step.hold(line, now));
        if (ticker == null) {
            ticker = Thread.ofVirtual().name("plain-progress").start(this::tickUntilClosed);
        }
        changed.signal();
    }

    private void finish(PlainStep step, String line) {
        step.hold(line, io.clock().instant());
        show(step);
        steps.remove(step.number());
        floor = null;
        // Somebody who already has something to say is next; whoever has only begun may still be over in a moment.
        waiting().stream().filter(PlainStep::hasLines).findFirst().ifPresent(this::show);
    }

    private List<PlainStep> waiting() {
        List<PlainStep> waiting = new ArrayList<>(steps.values());
        waiting.removeIf(step -> !step.isWaiting());
        waiting.sort(Comparator.comparing(PlainStep::waitingSince).thenComparing(PlainStep::number));
        return waiting;
    }

    private void show(PlainStep step) {
        if (floor != step) {
            if (floor != null) {
                block.append('#').append(floor.number()).append(" ...\n");
            }
            if (saidAnything) {
                block.append('\n');
            }
            block.append('#')
                    .append(step.number())
                    .append(' ')
                    .append(step.name())
                    .append('\n');
            floor = step;
        }
        step.drainTo(block);
        saidAnything = true;
        lastSaid = io.clock().instant();
    }

    /// Lets those speak who have waited for long enough.
    void tick() {
        lock.lock();
        try {
            Instant now = io.clock().instant();
            boolean quiet = floor == null || !now.isBefore(lastSaid.plus(QUIET));
            for (PlainStep step : waiting()) {
                // A step that has only begun has no news worth a switch, unless nobody has the floor.
                boolean soon = quiet && (step.hasLines() || floor == null);
                if (Duration.between(step.waitingSince(), now).compareTo(soon ? QUIET : PATIENCE) >= 0) {
                    show(step);
                }
            }
            write();
        } finally {
            lock.unlock();
        }
    }

    private void tickUntilClosed() {
        lock.lock();
        try {
            while (!closed) {
                if (waiting().isEmpty()) {
                    changed.await();
                } else {
                    // What wakes it early is only more to hold, which can wait for the next round as well.
                    boolean _ = changed.await(TICK_MILLIS, TimeUnit.MILLISECONDS);
                    tick();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        if (!block.isEmpty()) {
            io.err().print(block);
            io.err().flush();
            block.setLength(0);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            waiting().forEach(this::show);
            if (warnings != null && !closed) {
                block.append(warnings.text(debug, io.colour()));
            }
            write();
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
