package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Vertex;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A build graph and what to take out of it.
///
/// @param images the base images that the graph names, by manifest digest in hexadecimal
public record Plan(BuildGraph graph, List<Target> targets, Map<String, ResolvedImage> images) {
    public Plan {
        targets = List.copyOf(targets);
        images = Map.copyOf(images);
    }

    /// The result for one platform.
    ///
    /// @param vertex its file system, null for an empty one
    /// @param config its image configuration, without diff IDs
    public record Target(Platform platform, @Nullable Vertex vertex, ImageConfig config) {}
}
