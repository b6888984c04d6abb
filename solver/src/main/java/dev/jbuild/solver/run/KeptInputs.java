package dev.jbuild.solver.run;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The inputs of a process that failed, as they were recorded.
final class KeptInputs implements OpInputs, AutoCloseable {
    private final LayerStore store;
    private final FailedRun run;
    private final Map<Integer, MountedView> views = new HashMap<>();

    KeptInputs(LayerStore store, FailedRun run) {
        this.store = store;
        this.run = run;
    }

    @Override
    public List<SnapshotId> rootLayers() {
        return run.layers();
    }

    @Override
    public Tree tree(int input) {
        return new RootTree(view(input).path(), "a mount of the failed step");
    }

    @Override
    public Path path(int input, String path) throws IOException {
        return Kernel.resolveInRoot(view(input).path(), path);
    }

    private MountedView view(int input) {
        return views.computeIfAbsent(input, number -> {
            List<SnapshotId> layers = run.inputs().get(Integer.toString(number));
            if (layers == null) {
                throw new SandboxException(
                        "a cache mount of the failed step is gone, and what it is filled with is not kept: build again");
            }
            return store.snapshots().view(layers);
        });
    }

    @Override
    public void close() {
        views.values().forEach(MountedView::close);
    }
}
