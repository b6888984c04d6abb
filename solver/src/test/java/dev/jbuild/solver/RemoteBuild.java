package dev.jbuild.solver;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.registry.Credentials;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryConfig;
import dev.jbuild.layerstore.registry.RegistryOptions;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.fetch.Freshness;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.plan.RunSettings;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// Builds Dockerfiles with a store and a build context of their own, and remembers what was said meanwhile.
final class RemoteBuild {
    private static final Platform PLATFORM = Platform.parse("linux/amd64");
    // Impatient: what fails here is meant to.
    private static final RegistryOptions OPTIONS =
            new RegistryOptions("jbuild", 3, Duration.ofMillis(5), Duration.ofSeconds(20), 4);

    private final Path directory;
    Freshness freshness = Freshness.DEFAULT;
    final List<BuildEvent> events = new CopyOnWriteArrayList<>();

    RemoteBuild(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(context());
    }

    Path context() {
        return directory.resolve("context");
    }

    Path store() {
        return directory.resolve("store");
    }

    /// Looks at what was built.
    interface Look {
        void at(Path root) throws Exception;
    }

    /// Builds and shows the file system. What was said before is forgotten.
    void run(String dockerfile, Look look) throws Exception {
        events.clear();
        PlanRequest plan = new PlanRequest(
                DockerfileParser.parse(new Source("Dockerfile", dockerfile)),
                null,
                Map.of(),
                List.of(PLATFORM),
                PLATFORM,
                null,
                Map.of(),
                null,
                Map.of(),
                RunSettings.USUAL,
                false,
                Set.of());
        SolveRequest request = new SolveRequest(
                plan,
                Map.of(PlanRequest.MAIN_CONTEXT, new SolveRequest.Context.Local(context(), IgnoreFile.parse(""))),
                SandboxSettings.DEFAULT,
                new Programs("/usr/bin"),
                freshness,
                2,
                null,
                Secrets.none(),
                null);
        try (LayerStore layers = LayerStore.open(store());
                RegistryClient client = new RegistryClient(
                        RegistryConfig.EMPTY,
                        Credentials.none(),
                        freshness.offline() ? OPTIONS.withoutConnections() : OPTIONS);
                Build build = Build.run(request, layers, () -> client, InstantSource.system(), new Steps(events::add));
                MountedView view = build.images().getFirst().rootfs()) {
            look.at(view.path());
        }
    }

    /// The names of the steps that were found and those that were run.
    List<String> cached() {
        return events.stream()
                .flatMap(event -> event instanceof BuildEvent.Cached found
                        ? java.util.stream.Stream.of(found.name())
                        : java.util.stream.Stream.empty())
                .toList();
    }

    List<String> started() {
        return events.stream()
                .flatMap(event -> event instanceof BuildEvent.Started begun
                        ? java.util.stream.Stream.of(begun.name())
                        : java.util.stream.Stream.empty())
                .toList();
    }
}
