package dev.jbuild.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A step of which not everything has been shown.
final class PlainStep {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(5);
    private static final double NEWS = 0.05;

    private final int number;
    private final String name;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Transfer> transfers = new HashMap<>();
    private @Nullable Instant waitingSince;

    private record Transfer(Instant began, Instant told, long current) {}

    PlainStep(int number, String name) {
        this.number = number;
        this.name = name;
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    boolean isWaiting() {
        return waitingSince != null;
    }

    boolean hasLines() {
        return !lines.isEmpty();
    }

    Instant waitingSince() {
        return waitingSince == null ? Instant.MAX : waitingSince;
    }

    void waitFrom(Instant now) {
        if (waitingSince == null) {
            waitingSince = now;
        }
    }

    void hold(String line, Instant now) {
        waitFrom(now);
        lines.add(line);
    }

    void drainTo(StringBuilder text) {
        for (String line : lines) {
            text.append('#').append(number).append(' ').append(line).append('\n');
        }
        lines.clear();
        waitingSince = null;
    }

    /// The line that tells how far a transfer is, or null if there is too little news.
    @Nullable
    String transfer(String thing, long current, long total, Instant now) {
        Transfer last = transfers.computeIfAbsent(thing, _ -> new Transfer(now, now, 0));
        boolean done = total > 0 && current >= total;
        if (done ? last.current() >= total : !isNews(last, current, total, now)) {
            return null;
        }
        Instant began = last.began();
        transfers.put(thing, new Transfer(began, now, current));
        Duration duration = Duration.between(began, now);
        String time = duration.toMillis() >= 10 ? " " + StepText.seconds(duration, 1) + "s" : "";
        return TerminalText.plain(thing) + StepText.transfer(current, total) + time + (done ? " done" : "");
    }

    // What is quickly over is told once, when it is done.
    private static boolean isNews(Transfer last, long current, long total, Instant now) {
        Duration since = Duration.between(last.told(), now);
        boolean moved = total > 0 && (double) (current - last.current()) / total >= NEWS;
        return since.compareTo(moved ? SOON : LATE) >= 0;
    }
}
