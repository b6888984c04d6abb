package dev.jbuild.solver;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// How much work hangs on a vertex: the longest path from it to a target, in nanoseconds.
final class Weights {
    private final Map<Digest, Long> weights = new HashMap<>();

    /// @param duration what a vertex itself is expected to take
    Weights(BuildGraph graph, ToLongFunction<Vertex> duration) {
        List<Vertex> vertices = new ArrayList<>();
        graph.topological().forEach(vertices::add);
        for (Vertex vertex : vertices.reversed()) {
            long after =
                    graph.readers(vertex).stream().mapToLong(this::of).max().orElse(0);
            weights.put(vertex.digest(), after + duration.applyAsLong(vertex));
        }
    }

    /// One for each process: without anything known, the longer chain goes first.
    static long unknown(Vertex vertex) {
        return vertex.op() instanceof Op.Exec ? 1 : 0;
    }

    long of(Vertex vertex) {
        return weights.getOrDefault(vertex.digest(), 0L);
    }
}
