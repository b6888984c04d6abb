package dev.jbuild.solver;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.file.FileActions;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import dev.jbuild.solver.run.FailedRun;
import dev.jbuild.solver.run.FailedRuns;
import dev.jbuild.solver.sandbox.SandboxSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Keeps the root file system of the first process that fails, so that a shell can be opened in it.
final class Failures {
    private final LayerStore store;
    private final SolveRequest.@Nullable Keeping keeping;
    private final SandboxSettings settings;
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile @Nullable Kept kept;

    /// @param keeping null if nothing is to be kept
    Failures(LayerStore store, SolveRequest.@Nullable Keeping keeping, SandboxSettings settings) {
        this.store = store;
        this.keeping = keeping;
        this.settings = settings;
    }

    private record Kept(Vertex vertex, String id, boolean only) {}

    /// Forgets what earlier runs of this build left.
    void begin() throws IOException {
        if (keeping != null) {
            new FailedRuns(store).forget(keeping.build());
        }
    }

    /// Keeps this root file system, unless another one was kept. What can be read of the build contexts is copied:
    /// they may change.
    void keep(Vertex vertex, VertexInfo info, ActiveSnapshot active, VertexInputs inputs)
            throws IOException, InterruptedException {
        if (keeping == null || !(vertex.op() instanceof Op.Exec exec) || !failed.compareAndSet(false, true)) {
            return;
        }
        List<SnapshotId> below = active.parents();
        SnapshotId left = store.snapshots().commit(active);
        // The process may have written a secret, and the store may lie in a directory that others can enter.
        Kernel.chmod(store.snapshots().fs(left).resolveSibling("."), 0700);
        Map<String, List<SnapshotId>> layers = new TreeMap<>();
        List<SnapshotId> copies = new ArrayList<>();
        for (ExecMount mount : exec.mounts()) {
            int input = mount.input();
            if (!(mount instanceof ExecMount.Bind) || input == Op.NONE || layers.containsKey(Integer.toString(input))) {
                continue;
            }
            if (KeyBuilder.isContext(vertex, input)) {
                SnapshotId copy = copy(exec, input, inputs);
                copies.add(copy);
                layers.put(Integer.toString(input), List.of(copy));
            } else {
                layers.put(Integer.toString(input), inputs.layers(input));
            }
        }
        FailedRun run =
                new FailedRun(keeping.always(), info.name(), settings, info.shell(), exec, below, left, layers, copies);
        kept = new Kept(vertex, run.id(), new FailedRuns(store).put(keeping.build(), run));
    }

    private SnapshotId copy(Op.Exec exec, int input, VertexInputs inputs) throws IOException, InterruptedException {
        List<FileAction> actions = new ArrayList<>();
        for (ExecMount mount : exec.mounts()) {
            if (mount instanceof ExecMount.Bind && mount.input() == input) {
                String path = mount.source();
                actions.add(
                        new FileAction.Copy(input, path, path, false, false, false, false, "/", List.of(), null, null));
            }
        }
        try (ActiveSnapshot active = store.snapshots().prepare(List.of())) {
            FileActions.apply(active.path(), actions, inputs::tree);
            return store.snapshots().commit(active);
        }
    }

    /// The command that opens a shell where this vertex failed, null if that was not kept.
    @Nullable
    String command(Vertex vertex) {
        Kept which = kept;
        if (keeping == null || which == null || !which.vertex().equals(vertex)) {
            return null;
        }
        return keeping.command() + (which.only() ? "" : " " + which.id());
    }
}
