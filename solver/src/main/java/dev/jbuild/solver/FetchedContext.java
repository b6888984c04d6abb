package dev.jbuild.solver;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.fetch.LayerFetcher;
import dev.jbuild.solver.fetch.RemoteSources;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.plan.ContextSource;
import dev.jbuild.solver.plan.Plan;
import dev.jbuild.solver.run.OpRunner;
import dev.jbuild.solver.sandbox.Emulators;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.secret.Secrets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A build context that was brought here before there is a plan, because the Dockerfile is in it. The build finds it
/// as a result like any other. Good until it is closed.
public final class FetchedContext implements AutoCloseable {
    private final Solver solver;
    private final Tree tree;

    private FetchedContext(Solver solver, Tree tree) {
        this.solver = solver;
        this.tree = tree;
    }

    /// Finds or fetches a context.
    ///
    /// @throws SolveException if it cannot be had
    public static FetchedContext of(
            ContextSource source,
            LayerStore store,
            Supplier<RegistryClient> registry,
            RemoteSources remote,
            Programs programs,
            Steps steps)
            throws InterruptedException {
        BuildGraph graph = new BuildGraph();
        Vertex vertex = source.addTo(graph);
        Work.Crew crew = new Work.Crew();
        Solver solver = new Solver(
                new Plan(graph, List.of(), Map.of()),
                store,
                steps,
                new LayerFetcher(store, registry),
                new OpRunner(
                        store,
                        remote,
                        SandboxSettings.DEFAULT,
                        programs,
                        Secrets.none(),
                        new Emulators(programs, () -> store.newTempDir("emulation"))),
                new Failures(store, null, SandboxSettings.DEFAULT),
                new Contexts(Map.of(), store, crew),
                crew,
                1,
                null,
                Secrets.none(),
                _ -> null);
        try {
            return new FetchedContext(solver, new RootTree(solver.view(vertex).path(), "the build context"));
        } catch (InterruptedException | RuntimeException e) {
            solver.close();
            throw e;
        }
    }

    /// The files.
    public Tree tree() {
        return tree;
    }

    @Override
    public void close() {
        solver.close();
    }
}
