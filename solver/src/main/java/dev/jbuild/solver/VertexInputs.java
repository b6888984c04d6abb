package dev.jbuild.solver;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.file.FileActionException;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.run.OpInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The inputs of a vertex, brought to disk as they are asked for.
final class VertexInputs implements OpInputs {
    private final Vertex vertex;
    private final Solver solver;
    private final Contexts contexts;
    private List<SnapshotId> rootLayers = List.of();

    VertexInputs(Vertex vertex, Solver solver, Contexts contexts) {
        this.vertex = vertex;
        this.solver = solver;
        this.contexts = contexts;
    }

    /// Brings all that the operation will need, before it takes a place among the running ones.
    void prepare() throws IOException, InterruptedException {
        int root = vertex.op().root();
        if (root != Op.NONE) {
            rootLayers = solver.layers(vertex.inputs().get(root));
        }
        for (int input : KeyBuilder.selections(vertex.op()).keySet()) {
            if (!KeyBuilder.isContext(vertex, input)) {
                solver.view(vertex.inputs().get(input));
            }
        }
        if (vertex.op() instanceof Op.Exec exec) {
            for (ExecMount mount : exec.mounts()) {
                if (mount instanceof ExecMount.Bind && mount.input() != Op.NONE) {
                    path(mount.input(), mount.source());
                }
            }
        }
    }

    @Override
    public List<SnapshotId> rootLayers() {
        return rootLayers;
    }

    @Override
    public void failed(ActiveSnapshot active) throws IOException, InterruptedException {
        solver.keep(vertex, active, this);
    }

    /// The layers of an input that is read.
    List<SnapshotId> layers(int input) throws InterruptedException {
        return solver.layers(vertex.inputs().get(input));
    }

    @Override
    public Tree tree(int input) throws InterruptedException {
        Vertex read = vertex.inputs().get(input);
        return read.op() instanceof Op.LocalSource local
                ? contexts.get(local.context())
                : new RootTree(solver.view(read).path(), solver.called(read));
    }

    @Override
    public Path path(int input, String path) throws IOException, InterruptedException {
        Vertex read = vertex.inputs().get(input);
        if (read.op() instanceof Op.LocalSource local) {
            return contexts.path(local.context(), path);
        }
        Path found = Kernel.resolveInRoot(solver.view(read).path(), path);
        if (!Files.exists(found)) {
            throw new FileActionException("mount source \"" + path + "\" not found");
        }
        return found;
    }
}
