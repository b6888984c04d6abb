package dev.jbuild.solver.run;

import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.Steps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/// Passes a process's output on and remembers its last lines, for the error message.
final class LogTail implements BiConsumer<BuildEvent.Stream, String> {
    private static final int LINES = 20;

    private final Steps.Step step;
    private final Deque<String> last = new ArrayDeque<>();

    LogTail(Steps.Step step) {
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

    synchronized List<String> lines() {
        return List.copyOf(last);
    }
}
