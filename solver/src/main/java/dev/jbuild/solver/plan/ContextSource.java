package dev.jbuild.solver.plan;

import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.util.List;

/// A build context that comes from elsewhere, pinned: the operations that bring it here, each but the first reading
/// what the one before it made. They are those that ADD would use, so that one fetch serves both.
///
/// @param name what progress lines call it
public record ContextSource(List<Op> ops, String name) {
    /// The name of the file that a context by HTTP is, as BuildKit has it.
    public static final String FILE = "context";

    public ContextSource {
        ops = List.copyOf(ops);
        if (ops.isEmpty()) {
            throw new IllegalArgumentException("nothing brings " + name + " here");
        }
    }

    /// What one operation makes.
    public static ContextSource of(Op op, String name) {
        return new ContextSource(List.of(op), name);
    }

    /// What the archive holds that an operation makes as [#FILE].
    public static ContextSource unpacked(Op archive, String name) {
        FileAction unpack =
                new FileAction.Copy(0, "/" + FILE, "/", false, false, true, false, "/", List.of(), null, null);
        return new ContextSource(List.of(archive, new Op.FileOp(Op.NONE, List.of(unpack))), name);
    }

    /// Adds the operations to a graph, and returns the last one: its result is the context.
    public Vertex addTo(BuildGraph graph) {
        Vertex last = graph.add(ops.getFirst(), List.of(), VertexInfo.named(name));
        for (Op op : ops.subList(1, ops.size())) {
            last = graph.add(op, List.of(last), VertexInfo.named(name + ": unpack"));
        }
        return last;
    }
}
