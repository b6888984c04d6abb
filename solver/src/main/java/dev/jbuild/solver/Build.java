package dev.jbuild.solver;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.solver.context.BuildContext;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.fetch.Freshness;
import dev.jbuild.solver.fetch.ImageSources;
import dev.jbuild.solver.fetch.LayerFetcher;
import dev.jbuild.solver.fetch.RemoteSources;
import dev.jbuild.solver.fetch.TagMemory;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.plan.GraphBuilder;
import dev.jbuild.solver.plan.ImageResolver;
import dev.jbuild.solver.plan.Plan;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.run.OpRunner;
import dev.jbuild.solver.run.Visit;
import dev.jbuild.solver.sandbox.Emulators;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One build, from a request to images: the door of this module.
///
/// Its images can be taken out until it is closed; closing also ends whatever still runs.
public final class Build implements AutoCloseable {
    private final List<SolvedImage> images;
    private final Solver solver;
    private final Emulators emulators;
    private final Map<String, Tree> contexts;

    private final Steps steps;
    private final List<Diagnostic> warnings;
    private final BuildGraph graph;

    private Build(
            List<SolvedImage> images,
            List<Diagnostic> warnings,
            BuildGraph graph,
            Steps steps,
            Solver solver,
            Emulators emulators,
            Map<String, Tree> contexts) {
        this.emulators = emulators;
        this.images = List.copyOf(images);
        this.warnings = warnings;
        this.graph = graph;
        this.steps = steps;
        this.solver = solver;
        this.contexts = contexts;
    }

    /// Plans and solves a build.
    ///
    /// @param steps which may have counted steps before this build, such as the fetch of its context
    /// @param registry asked for when the first request to a registry is to be made, and not before
    /// @throws dev.jbuild.parser.source.DockerfileException if the Dockerfile makes no sense
    /// @throws dev.jbuild.solver.plan.LintViolationException if the Dockerfile wants findings to be errors
    /// @throws SolveException if a step fails
    public static Build run(
            SolveRequest request, LayerStore store, Supplier<RegistryClient> registry, InstantSource clock, Steps steps)
            throws IOException, InterruptedException {
        TagMemory tags = new TagMemory(store, clock, request.freshness());
        ImageSources sources = new ImageSources(store, registry, tags, steps, request.freshness());
        RemoteSources remote =
                new RemoteSources(store, registry, request.programs(), steps, request.secrets(), request.freshness());
        Plan plan = GraphBuilder.build(request.plan(), sources, remote);
        LintGate.pass(plan, request.plan().dockerfile().source(), steps);
        Emulators emulators = emulators(request, store);
        Map<String, Tree> contexts;
        Solver solver;
        try {
            contexts = open(request, store);
            solver = solver(plan, request, store, registry, remote, contexts, steps, emulators);
        } catch (IOException | RuntimeException e) {
            emulators.close();
            throw e;
        }
        try {
            List<SolvedImage> images = new ArrayList<>();
            for (Plan.Target target : plan.targets()) {
                Vertex vertex = target.vertex();
                if (vertex != null) {
                    solver.start(vertex);
                }
                images.add(new SolvedImage(solver, target.platform(), target.config(), vertex));
            }
            for (Plan.Target target : plan.targets()) {
                Vertex vertex = target.vertex();
                if (vertex != null) {
                    solver.result(vertex);
                }
            }
            return new Build(images, plan.warnings(), plan.graph(), steps, solver, emulators, contexts);
        } catch (InterruptedException | RuntimeException e) {
            try (emulators) {
                solver.close();
            }
            throw e;
        }
    }

    private static Solver solver(
            Plan plan,
            SolveRequest request,
            LayerStore store,
            Supplier<RegistryClient> registry,
            RemoteSources remote,
            Map<String, Tree> contexts,
            Steps steps,
            Emulators emulators)
            throws IOException {
        Work.Crew crew = new Work.Crew();
        Failures failures = new Failures(store, request.keeping(), request.settings());
        failures.begin();
        return new Solver(
                plan,
                store,
                steps,
                new LayerFetcher(store, registry),
                new OpRunner(store, remote, request.settings(), request.programs(), request.secrets(), emulators),
                failures,
                new Contexts(contexts, store, crew),
                crew,
                request.jobs(),
                request.blobs(),
                request.secrets(),
                new ForeignPlatforms(plan, request.plan(), emulators)::check);
    }

    private static Emulators emulators(SolveRequest request, LayerStore store) {
        return new Emulators(request.programs(), () -> store.newTempDir("emulation"));
    }

    /// Plans a build, makes what its target stands on, which has to be a RUN, and runs a process in its place.
    ///
    /// @param ready told when everything is made
    /// @return the exit code of that process
    public static int enter(
            SolveRequest request,
            LayerStore store,
            Supplier<RegistryClient> registry,
            InstantSource clock,
            Steps steps,
            Visit visit,
            Consumer<Op.Exec> ready)
            throws IOException, InterruptedException {
        ImageSources sources = new ImageSources(
                store, registry, new TagMemory(store, clock, request.freshness()), steps, request.freshness());
        RemoteSources remote =
                new RemoteSources(store, registry, request.programs(), steps, request.secrets(), request.freshness());
        Plan plan = GraphBuilder.build(request.plan(), sources, remote);
        Vertex vertex = plan.targets().getFirst().vertex();
        if (vertex == null) {
            throw new IllegalArgumentException("a plan without a process");
        }
        try (Emulators emulators = emulators(request, store)) {
            Map<String, Tree> contexts = open(request, store);
            try (Solver solver = solver(plan, request, store, registry, remote, contexts, steps, emulators)) {
                return solver.enter(vertex, visit, ready);
            } finally {
                save(contexts);
            }
        }
    }

    /// Where base images of a build come from, for those who only want to know of them.
    public static ImageResolver images(
            LayerStore store, Supplier<RegistryClient> registry, InstantSource clock, Freshness freshness) {
        TagMemory tags = new TagMemory(store, clock, freshness);
        return new ImageSources(store, registry, tags, new Steps(event -> {}), freshness);
    }

    private static Map<String, Tree> open(SolveRequest request, LayerStore store) throws IOException {
        Map<String, Tree> contexts = new HashMap<>();
        for (Map.Entry<String, SolveRequest.Context> each : request.contexts().entrySet()) {
            contexts.put(
                    each.getKey(),
                    switch (each.getValue()) {
                        case SolveRequest.Context.Local(Path directory, IgnoreFile ignore) ->
                            open(each.getKey(), directory.toRealPath(), ignore, store);
                        case SolveRequest.Context.Unpacked(Path directory, String name) ->
                            new RootTree(directory, name);
                    });
        }
        return contexts;
    }

    private static BuildContext open(String name, Path directory, IgnoreFile ignore, LayerStore store)
            throws IOException {
        String called =
                name.equals(PlanRequest.MAIN_CONTEXT) ? "the build context" : "the named context \"" + name + "\",";
        String index =
                Digest.of(directory.toString().getBytes(StandardCharsets.UTF_8)).hex();
        return BuildContext.open(called, directory, ignore, store.contextsDir().resolve(index));
    }

    /// One image for each platform that was asked for, in their order.
    public List<SolvedImage> images() {
        return images;
    }

    /// What the images were made by.
    public BuildGraph graph() {
        return graph;
    }

    /// What is doubtful in the Dockerfile, in the order of its text.
    public List<Diagnostic> warnings() {
        return warnings;
    }

    /// Begins one more step, of what is done with the images.
    public Steps.Step step(String name) {
        return steps.start(name);
    }

    @Override
    public void close() {
        try {
            save(contexts);
        } finally {
            try (emulators) {
                solver.close();
            }
        }
    }

    private static void save(Map<String, Tree> contexts) {
        for (Tree context : contexts.values()) {
            if (context instanceof BuildContext local) {
                local.save();
            }
        }
    }
}
