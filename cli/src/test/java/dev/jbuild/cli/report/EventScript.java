package dev.jbuild.cli.report;

import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.BuildEvent.Stream;
import dev.jbuild.solver.event.ResourceUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Plays the events of a file: one a line, `SECONDS STEP WHAT…`, where `\a`, `\e`, `\r` and `\t` stand for themselves.
///
/// ```
/// 0.0 1 started [1/2] FROM busybox
/// 0.1 1 done
/// 0.4 - tick
/// ```
final class EventScript {
    private final Path file;
    private final Map<Integer, Duration> started = new HashMap<>();

    EventScript(Path file) {
        this.file = file;
    }

    /// @param tick what a moment means in which nothing happens
    void play(FakeIo io, Progress progress, Runnable tick) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("--")) {
                continue;
            }
            String[] words = line.split(" ", 4);
            Duration at = Duration.ofMillis(Math.round(Double.parseDouble(words[0]) * 1000));
            io.after(at);
            if (words[2].equals("tick")) {
                tick.run();
            } else {
                progress.on(event(Integer.parseInt(words[1]), words[2], words.length > 3 ? words[3] : "", at));
            }
        }
    }

    private static OptionalLong number(String text) {
        return text.equals("-") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    private BuildEvent event(int step, String what, String rest, Duration at) {
        String text = rest.replace("\\e", "\u001b")
                .replace("\\r", "\r")
                .replace("\\a", "\u0007")
                .replace("\\t", "\t");
        Duration since = at.minus(started.computeIfAbsent(step, _ -> at));
        return switch (what) {
            case "started" -> new BuildEvent.Started(step, text);
            case "cached" -> new BuildEvent.Cached(step, text);
            case "out" -> new BuildEvent.Log(step, Stream.STDOUT, since, text);
            case "err" -> new BuildEvent.Log(step, Stream.STDERR, since, text);
            case "status" -> new BuildEvent.Log(step, Stream.STATUS, since, text);
            case "moved" -> {
                String[] parts = text.split(" ", 3);
                yield new BuildEvent.Progress(step, parts[2], Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            }
            case "used" -> {
                String[] numbers = text.split(" ");
                yield new BuildEvent.Used(
                        step,
                        new ResourceUsage(
                                number(numbers[0]), number(numbers[1]), number(numbers[2]), number(numbers[3])));
            }
            case "warned" -> new BuildEvent.Warned(step, text, null);
            case "done" -> new BuildEvent.Completed(step, since);
            case "failed" -> new BuildEvent.Failed(step, since, text, false);
            case "cancelled" -> new BuildEvent.Failed(step, since, text, true);
            default -> throw new IllegalArgumentException("no such event: " + what);
        };
    }
}
