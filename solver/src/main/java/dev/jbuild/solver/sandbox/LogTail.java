package dev.jbuild.solver.sandbox;

import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.Steps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/// Passes a process's output on and remembers its last lines, for the error message.
public final class LogTail implements BiConsumer<BuildEvent.Stream, String> {
    private static final int LINES = 20;

    private final Steps.Step step;
    private final Deque<String> last = new ArrayDeque<>();

    public LogTail(Steps.Step step) {
        this.step = step;
    }

    @Override
    public synchronized void accept(BuildEvent.Stream stream, String line) {
        step.log(stream, line);
        last.addLast(line);
        if (last.size() > LINES) {
            last.removeFirst();
        }
    }

    public synchronized List<String> lines() {
        return List.copyOf(last);
    }
}
