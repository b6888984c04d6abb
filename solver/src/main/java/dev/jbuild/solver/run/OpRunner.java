package dev.jbuild.solver.run;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.fetch.RemoteSources;
import dev.jbuild.solver.file.FileActions;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.sandbox.Emulators;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.util.List;

/// Runs one operation: prepare a snapshot, change it, commit it.
public final class OpRunner {
    private final LayerStore store;
    private final RemoteSources remote;
    private final ExecRunner exec;

    public OpRunner(
            LayerStore store,
            RemoteSources remote,
            SandboxSettings settings,
            Programs programs,
            Secrets secrets,
            Emulators emulators) {
        this.store = store;
        this.remote = remote;
        this.exec = new ExecRunner(store, settings, programs, secrets, emulators);
    }

    /// Runs a process of the user's in the place of one of RUN, and throws away what it changes.
    ///
    /// @param shell the words of SHELL at that place
    /// @return its exit code
    public int enter(Op.Exec process, OpInputs inputs, List<String> shell, Visit visit)
            throws IOException, InterruptedException {
        return exec.enter(process, inputs, shell, visit);
    }

    /// Runs an operation that makes a layer.
    ///
    /// @return the layer
    /// @throws ExecFailedException if a process ended with another code than 0
    public SnapshotId run(Op op, OpInputs inputs, Steps.Step step) throws IOException, InterruptedException {
        return switch (op) {
            case Op.Exec process -> exec.run(process, inputs, step);
            case Op.FileOp files -> {
                try (ActiveSnapshot active = store.snapshots().prepare(inputs.rootLayers())) {
                    FileActions.apply(active.path(), files.actions(), inputs::tree);
                    yield store.snapshots().commit(active);
                }
            }
            case Op.HttpSource file -> remote.layer(file, step);
            case Op.GitSource repository -> remote.layer(repository, step);
            case Op.ImageSource source -> throw new IllegalArgumentException("makes no layer of its own: " + source);
            case Op.OciLayoutSource source ->
                throw new IllegalArgumentException("makes no layer of its own: " + source);
            case Op.LocalSource source -> throw new IllegalArgumentException("makes no layer of its own: " + source);
            case Op.Merge merge -> throw new IllegalArgumentException("makes no layer of its own: " + merge);
        };
    }
}
