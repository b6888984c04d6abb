package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.graph.ExecLimits;
import dev.jbuild.solver.graph.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plans Dockerfiles on a machine of platform linux/amd64.
final class Planning {
    private static final Platform MACHINE = Platform.parse("linux/amd64");

    private Planning() {}

    /// @param options words as in `--target=x --platform=a,b --build-arg=A=B --build-context=NAME=DIRECTORY
    ///     --label=A=B`
    static Plan plan(String dockerfile, List<String> options, FakeImages images)
            throws IOException, InterruptedException {
        return GraphBuilder.build(request(dockerfile, options), images, new FakeSources());
    }

    /// What is asked for with such options.
    static PlanRequest request(String dockerfile, List<String> options) {
        @Nullable String target = null;
        List<Platform> platforms = new ArrayList<>(List.of(MACHINE));
        @Nullable IgnoreFile ignored = null;
        Map<String, String> args = new HashMap<>();
        Map<String, String> labels = new HashMap<>();
        Map<String, NamedContext> contexts = new HashMap<>();
        Set<Entitlement> allowed = EnumSet.noneOf(Entitlement.class);
        for (String option : options) {
            String[] parts = option.split("=", 3);
            switch (parts[0]) {
                case "--target" -> target = parts[1];
                case "--build-arg" -> args.put(parts[1], parts[2]);
                case "--ignore" -> ignored = IgnoreFile.ofPatterns(List.of(parts[1].split(",")));
                case "--allow" -> allowed.add(Entitlement.of(parts[1]).orElseThrow());
                case "--label" -> labels.put(parts[1], parts[2]);
                case "--build-context" -> contexts.put(parts[1], new NamedContext.Directory(Path.of(parts[2])));
                case "--platform" -> {
                    platforms.clear();
                    List.of(parts[1].split(",")).forEach(text -> platforms.add(Platform.parse(text)));
                }
                default -> throw new IllegalArgumentException(option);
            }
        }
        return new PlanRequest(
                DockerfileParser.parse(new Source("Dockerfile", dockerfile)),
                target,
                args,
                platforms,
                MACHINE,
                null,
                contexts,
                ignored,
                labels,
                new RunSettings(Network.DEFAULT, List.of(), ExecLimits.NONE, allowed),
                false,
                Set.of());
    }
}
