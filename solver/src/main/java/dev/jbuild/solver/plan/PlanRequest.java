package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ignore.IgnoreFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to be built of a Dockerfile.
///
/// @param target the stage to build, null for the last one
/// @param platforms one result each; several make the progress lines name them
/// @param context the main build context if it comes from elsewhere, null if it lies on this machine
/// @param contexts by name; a name may stand for a base image, a stage or a `--from`
/// @param ignored what of the main context is not to be seen, null where nothing can be left out of it
/// @param labels set on the result, over those of the Dockerfile
/// @param noCacheStages stages whose instructions are run whatever the cache holds
public record PlanRequest(
        Dockerfile dockerfile,
        @Nullable String target,
        Map<String, String> buildArgs,
        List<Platform> platforms,
        Platform buildPlatform,
        @Nullable ContextSource context,
        Map<String, NamedContext> contexts,
        @Nullable IgnoreFile ignored,
        Map<String, String> labels,
        RunSettings run,
        boolean noCache,
        Set<String> noCacheStages) {
    /// The name under which the main build context is known to [dev.jbuild.solver.graph.Op.LocalSource].
    public static final String MAIN_CONTEXT = "context";

    public PlanRequest {
        if (platforms.isEmpty()) {
            throw new IllegalArgumentException("no platform to build for");
        }
        buildArgs = Map.copyOf(buildArgs);
        platforms = List.copyOf(platforms);
        contexts = Map.copyOf(contexts);
        labels = Map.copyOf(labels);
        noCacheStages = Set.copyOf(noCacheStages);
    }

    /// The same stages for one platform, another target and more contexts.
    ///
    /// @param other the Dockerfile
    public PlanRequest with(
            Dockerfile other, @Nullable String stage, Platform platform, Map<String, NamedContext> more) {
        Map<String, NamedContext> all = new HashMap<>(contexts);
        all.putAll(more);
        return new PlanRequest(
                other,
                stage,
                buildArgs,
                List.of(platform),
                buildPlatform,
                context,
                all,
                ignored,
                Map.of(),
                run,
                false,
                Set.of());
    }

    /// The same with one more build argument, or another value of one.
    PlanRequest withBuildArg(String name, String value) {
        Map<String, String> more = new HashMap<>(buildArgs);
        more.put(name, value);
        return new PlanRequest(
                dockerfile,
                target,
                more,
                platforms,
                buildPlatform,
                context,
                contexts,
                ignored,
                labels,
                run,
                noCache,
                noCacheStages);
    }
}
