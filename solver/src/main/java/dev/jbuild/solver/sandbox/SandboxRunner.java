package dev.jbuild.solver.sandbox;

import dev.jbuild.solver.event.BuildEvent;
import java.io.IOException;
import java.util.function.BiConsumer;

/// Runs a process in a sandbox.
public sealed interface SandboxRunner permits OciSandbox, NamespaceSandbox, ChrootSandbox {
    /// Runs it to its end. Interrupting the thread ends the process, with everything it started.
    ///
    /// @param output hears every line
    /// @return the exit code; 128 + n for signal n
    /// @throws SandboxException if the process could not be started
    int run(Sandbox sandbox, BiConsumer<BuildEvent.Stream, String> output) throws IOException, InterruptedException;

    /// Whether it makes the mounts; otherwise what they show has to be in the root file system already.
    default boolean mounts() {
        return true;
    }

    /// Whether running a process writes its environment into files of [Sandbox#work()].
    boolean writesEnvironment();

    /// What `jbuild doctor` and the progress say of it: `crun 1.8.1`.
    String description();
}
