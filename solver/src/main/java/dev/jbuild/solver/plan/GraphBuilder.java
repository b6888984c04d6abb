package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Turns a Dockerfile into a build graph: the stages that the target needs, once for each platform.
///
/// Equal operations become one vertex, so a stage that no platform argument reaches is built once for all platforms.
public final class GraphBuilder {
    private GraphBuilder() {}

    /// Plans a build. Base images and remote sources are resolved side by side, before the first stage is translated.
    ///
    /// @throws dev.jbuild.parser.source.DockerfileException if the Dockerfile makes no sense
    /// @throws ImageNotFoundException if a base image does not exist
    public static Plan build(PlanRequest request, ImageResolver resolver, SourceResolver sources)
            throws IOException, InterruptedException {
        StageGraph stages = new StageGraph(request.dockerfile());
        int target = target(request, stages);
        BuildGraph graph = new BuildGraph();
        List<Plan.Target> targets = new ArrayList<>();
        try (BaseImages images = new BaseImages(resolver, request.contexts());
                Remotes remotes = new Remotes(sources)) {
            List<PlatformPlan> plans = new ArrayList<>();
            for (Platform platform : request.platforms()) {
                plans.add(new PlatformPlan(request, stages, target, platform, graph, images, remotes));
            }
            plans.forEach(PlatformPlan::prefetch);
            for (PlatformPlan plan : plans) {
                StageState state = plan.target();
                Vertex root = state.root();
                targets.add(new Plan.Target(plan.platform(), root, labelled(state.image(), request)));
            }
            return new Plan(graph, targets, images.resolved());
        } catch (WordException e) {
            throw e.in(request.dockerfile().source());
        }
    }

    private static int target(PlanRequest request, StageGraph stages) {
        String name = request.target();
        if (name == null || name.isEmpty()) {
            return stages.size() - 1;
        }
        OptionalInt found = stages.target(name);
        if (found.isEmpty()) {
            throw PlanErrors.targetNotFound(request.dockerfile().source(), name, stages.allNames());
        }
        return found.getAsInt();
    }

    private static ImageConfig labelled(ImageConfig image, PlanRequest request) {
        if (request.labels().isEmpty()) {
            return image;
        }
        return image.withConfig(
                image.config().toBuilder().labels(request.labels()).build());
    }

    /// `linux/amd64->arm64 build `: how progress lines of a stage begin.
    static String label(boolean severalPlatforms, Platform platform, Platform target, String stage) {
        StringBuilder label = new StringBuilder();
        if (severalPlatforms) {
            label.append(platform);
            if (!platform.equals(target)) {
                label.append("->")
                        .append(target.toString().substring(target.os().length() + 1));
            }
            label.append(' ');
        }
        return label.append(stage).append(stage.isEmpty() ? "" : " ").toString();
    }
}
