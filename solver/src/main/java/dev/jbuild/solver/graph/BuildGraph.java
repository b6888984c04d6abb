package dev.jbuild.solver.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedAcyclicGraph;

/// The instruction graph of one build: every target and platform in one, equal work once.
///
/// Not safe for use by several threads until it is complete; then it is only read.
public final class BuildGraph {
    private final DirectedAcyclicGraph<Vertex, DefaultEdge> graph = new DirectedAcyclicGraph<>(DefaultEdge.class);
    private final Map<Vertex, Vertex> vertices = new HashMap<>();
    private final Map<Vertex, VertexInfo> infos = new HashMap<>();

    /// A graph without vertices.
    public BuildGraph() {}

    /// Adds a vertex, or finds the one that is the same work. The first description stays, but a vertex that anyone
    /// wants without cache is run.
    public Vertex add(Op op, List<Vertex> inputs, VertexInfo info) {
        Vertex added = new Vertex(op, inputs);
        Vertex known = vertices.putIfAbsent(added, added);
        if (known != null) {
            if (info.noCache() && !info(known).noCache()) {
                VertexInfo first = info(known);
                infos.put(
                        known,
                        new VertexInfo(first.name(), first.stage(), first.source(), first.span(), true, first.shell()));
            }
            return known;
        }
        infos.put(added, info);
        graph.addVertex(added);
        inputs.forEach(input -> graph.addEdge(input, added));
        return added;
    }

    public VertexInfo info(Vertex vertex) {
        VertexInfo info = infos.get(vertex);
        if (info == null) {
            throw new IllegalArgumentException("not a vertex of this graph: " + vertex);
        }
        return info;
    }

    /// Every vertex, inputs before those that read them.
    public Iterable<Vertex> topological() {
        return graph;
    }

    public Set<Vertex> vertices() {
        return graph.vertexSet();
    }

    /// The vertices that read this one's result.
    public List<Vertex> readers(Vertex vertex) {
        return graph.outgoingEdgesOf(vertex).stream().map(graph::getEdgeTarget).toList();
    }
}
