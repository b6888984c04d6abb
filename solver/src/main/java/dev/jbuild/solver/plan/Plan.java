package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Vertex;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A build graph and what to take out of it.
///
/// @param images the base images that the graph names, by manifest digest in hexadecimal
/// @param warnings what is doubtful in the Dockerfile, in the order of its text; each once, whatever the number of
///     platforms
/// @param violatedRules the lint rules with a finding that is to fail the build
public record Plan(
        BuildGraph graph,
        List<Target> targets,
        Map<String, ResolvedImage> images,
        List<Diagnostic> warnings,
        Set<String> violatedRules) {
    public Plan {
        targets = List.copyOf(targets);
        images = Map.copyOf(images);
        warnings = List.copyOf(warnings);
        violatedRules = Set.copyOf(violatedRules);
    }

    /// A plan that no Dockerfile led to.
    public Plan(BuildGraph graph, List<Target> targets, Map<String, ResolvedImage> images) {
        this(graph, targets, images, List.of(), Set.of());
    }

    /// The result for one platform.
    ///
    /// @param vertex its file system, null for an empty one
    /// @param config its image configuration, without diff IDs
    public record Target(Platform platform, @Nullable Vertex vertex, ImageConfig config) {}
}
