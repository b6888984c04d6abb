package dev.jbuild.solver.sandbox;

import dev.jbuild.solver.event.BuildEvent;
import java.util.function.BiConsumer;

/// Passes on what a process under unshare says, but not what unshare says itself when its child was killed: 2.38 wants
/// to end as the child did, cannot, and ends with 1.
final class KilledChild implements BiConsumer<BuildEvent.Stream, String> {
    private static final String NOT_PASSED_ON = "unshare: sigprocmask unblock failed";
    private static final int KILLED = 128 + 9;

    private final BiConsumer<BuildEvent.Stream, String> output;
    private volatile boolean told;

    KilledChild(BiConsumer<BuildEvent.Stream, String> output) {
        this.output = output;
    }

    @Override
    public void accept(BuildEvent.Stream stream, String line) {
        if (stream == BuildEvent.Stream.STDERR && line.startsWith(NOT_PASSED_ON)) {
            told = true;
        } else {
            output.accept(stream, line);
        }
    }

    /// The exit code of the child.
    ///
    /// @param code that of unshare
    int code(int code) {
        return told && code == 1 ? KILLED : code;
    }
}
