package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

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
        PlanWarnings warnings = new PlanWarnings(request);
        BuildGraph graph = new BuildGraph();
        List<Plan.Target> targets = new ArrayList<>();
        try (BaseImages images = new BaseImages(resolver, request.contexts());
                Remotes remotes = new Remotes(sources)) {
            List<PlatformPlan> plans = new ArrayList<>();
            for (Platform platform : request.platforms()) {
                plans.add(new PlatformPlan(request, stages, target, platform, graph, images, remotes, warnings, false));
            }
            plans.forEach(PlatformPlan::prefetch);
            for (PlatformPlan plan : plans) {
                StageState state = plan.stage(target);
                Vertex root = state.root();
                targets.add(new Plan.Target(plan.platform(), root, labelled(state.image(), request)));
            }
            lint(request, plans, warnings);
            return new Plan(graph, targets, images.resolved(), warnings.found(), warnings.violated());
        } catch (WordException e) {
            throw e.in(request.dockerfile().source());
        }
    }

    /// Says what is doubtful and what is wrong in the stages that the target needs, or in all if no target is named.
    /// Base images are asked for since they define variables, but need not be there.
    public static PlanCheck check(PlanRequest request, ImageResolver resolver)
            throws IOException, InterruptedException {
        StageGraph stages = new StageGraph(request.dockerfile());
        int target = target(request, stages);
        boolean all = request.target() == null || request.target().isEmpty();
        PlanWarnings warnings = new PlanWarnings(request);
        LenientResolver lenient = new LenientResolver(resolver);
        Set<Diagnostic> errors = new LinkedHashSet<>();
        try (BaseImages images = new BaseImages(lenient, request.contexts());
                Remotes remotes = Remotes.none()) {
            List<PlatformPlan> plans = new ArrayList<>();
            for (Platform platform : request.platforms()) {
                plans.add(new PlatformPlan(
                        request, stages, target, platform, new BuildGraph(), images, remotes, warnings, true));
            }
            plans.forEach(PlatformPlan::prefetch);
            for (PlatformPlan plan : plans) {
                for (int i = all ? 0 : target; i <= target; i++) {
                    check(plan, i, errors);
                }
            }
            lint(request, plans, warnings);
        }
        Source source = request.dockerfile().source();
        return new PlanCheck(
                warnings.found(),
                errors.isEmpty() ? null : new DockerfileException(source, List.copyOf(errors)),
                lenient.missing());
    }

    // Stages on one that is wrong are wrong for the same reason.
    private static void check(PlatformPlan plan, int stage, Set<Diagnostic> errors) {
        try {
            plan.stage(stage);
        } catch (WordException e) {
            errors.add(e.diagnostic());
        } catch (DockerfileException e) {
            errors.addAll(e.diagnostics());
        }
    }

    private static void lint(PlanRequest request, List<PlatformPlan> plans, PlanWarnings warnings) {
        Set<Integer> built = new HashSet<>();
        plans.forEach(plan -> built.addAll(plan.stages()));
        warnings.addLint(request.dockerfile(), built);
    }

    static int target(PlanRequest request, StageGraph stages) {
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
