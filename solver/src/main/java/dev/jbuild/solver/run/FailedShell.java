package dev.jbuild.solver.run;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.solver.sandbox.Emulators;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;

/// Runs a process of the user's where one of RUN failed.
public final class FailedShell {
    private final LayerStore store;
    private final Programs programs;
    private final Secrets secrets;

    /// @param secrets closed by whoever made them
    public FailedShell(LayerStore store, Programs programs, Secrets secrets) {
        this.store = store;
        this.programs = programs;
        this.secrets = secrets;
    }

    /// Runs it to its end, and throws away what it changes.
    ///
    /// @return its exit code
    /// @throws SandboxException if it cannot be run there
    public int enter(FailedRun run, SandboxSettings settings, Visit visit) throws IOException, InterruptedException {
        try (StoreLock _ = new FailedRuns(store).visit(run);
                KeptInputs inputs = new KeptInputs(store, run);
                Emulators emulators = new Emulators(programs, () -> store.newTempDir("emulation"))) {
            return new ExecRunner(store, settings, programs, secrets, emulators)
                    .enter(run.exec(), inputs, run.shell(), visit);
        }
    }
}
