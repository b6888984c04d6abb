package dev.jbuild.solver;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.cache.CacheIndex;
import dev.jbuild.solver.cache.CacheKey;
import dev.jbuild.solver.cache.CacheRecord;
import dev.jbuild.solver.cache.Result;
import dev.jbuild.solver.context.ContentHash;
import dev.jbuild.solver.context.Selection;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.fetch.LayerFetcher;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import dev.jbuild.solver.plan.Plan;
import dev.jbuild.solver.plan.ResolvedImage;
import dev.jbuild.solver.run.OpRunner;
import dev.jbuild.solver.run.Visit;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Solves a build graph: demand-driven from its targets, every vertex at most once, and none whose result is known.
///
/// To know a vertex's key only the identities of its inputs' results are needed; only to run it, or to take its files
/// out, are those results brought to disk. So a chain of hits is never unpacked, pulled or run.
final class Solver implements AutoCloseable {
    private final Plan plan;
    private final LayerStore store;
    private final Steps steps;
    private final CacheIndex index;
    private final LayerFetcher fetcher;
    private final OpRunner runner;
    private final Failures failures;
    private final BeforeRun beforeRun;
    private final Set<String> hinted = ConcurrentHashMap.newKeySet();
    private final ExecGate gate;
    private final Contexts contexts;
    private final @Nullable LayerFormat early;
    private final Work.Crew crew;
    private final Work<Vertex, Result> results;
    private final Work<Vertex, List<SnapshotId>> layers;
    private final Work<Vertex, List<SnapshotId>> remade;
    private final Work<Vertex, MountedView> views;
    private final Work<SnapshotId, LayerBlob> earlyBlobs;
    private final Set<Vertex> exported = new HashSet<>();
    private final Weights weights;
    private final MissingSecrets missing;

    /// @param early the format in which layers of the targets will be wanted as blobs: made as soon as a layer is
    ///     committed; null if no blobs will be wanted
    Solver(
            Plan plan,
            LayerStore store,
            Steps steps,
            LayerFetcher fetcher,
            OpRunner runner,
            Failures failures,
            Contexts contexts,
            Work.Crew crew,
            int jobs,
            @Nullable LayerFormat early,
            Secrets secrets,
            BeforeRun beforeRun) {
        this.plan = plan;
        this.store = store;
        this.steps = steps;
        this.index = new CacheIndex(store.cacheDir());
        this.fetcher = fetcher;
        this.runner = runner;
        this.failures = failures;
        this.contexts = contexts;
        this.gate = new ExecGate(jobs);
        this.early = early;
        this.beforeRun = beforeRun;
        this.crew = crew;
        this.results = new Work<>(crew);
        this.layers = new Work<>(crew);
        this.remade = new Work<>(crew);
        this.views = new Work<>(crew);
        this.earlyBlobs = new Work<>(crew);
        this.missing = new MissingSecrets(plan, secrets);
        this.weights = new Weights(plan.graph(), Weights::unknown);
        plan.targets().forEach(target -> markExported(target.vertex()));
    }

    private void markExported(@Nullable Vertex vertex) {
        if (vertex == null || !exported.add(vertex)) {
            return;
        }
        if (vertex.op() instanceof Op.Merge) {
            vertex.inputs().forEach(this::markExported);
        } else if (vertex.op().root() != Op.NONE) {
            markExported(vertex.inputs().get(vertex.op().root()));
        }
    }

    /// Begins to find or make the result of a vertex.
    void start(Vertex vertex) {
        results.start(vertex, () -> compute(vertex));
    }

    /// The result of a vertex, found or made. Its layers need not be on disk.
    Result result(Vertex vertex) throws InterruptedException {
        return results.get(vertex, () -> compute(vertex));
    }

    /// What messages call the tree that a vertex makes.
    String called(Vertex vertex) {
        String stage = plan.graph().info(vertex).stage();
        return switch (vertex.op()) {
            case Op.ImageSource image -> "the image " + image.reference();
            case Op.OciLayoutSource layout -> "the image of the OCI layout " + layout.directory();
            case Op.HttpSource _, Op.GitSource _, Op.LocalSource _, Op.Exec _, Op.FileOp _, Op.Merge _ ->
                stage == null ? "the source" : "the build stage \"" + stage + "\"";
        };
    }

    /// The layers of a vertex as snapshots, lowest first, all on disk.
    List<SnapshotId> layers(Vertex vertex) throws InterruptedException {
        return layers.get(vertex, () -> {
            try {
                return materialize(vertex);
            } catch (IOException | RuntimeException e) {
                throw e instanceof SolveException solve
                        ? solve
                        : new SolveException(plan.graph().info(vertex), e);
            }
        });
    }

    /// The layers of a vertex as blobs, lowest first, all in the content store.
    List<LayerBlob> blobs(Vertex vertex, LayerFormat format) throws InterruptedException, IOException {
        Op op = vertex.op();
        if (op instanceof Op.ImageSource || op instanceof Op.OciLayoutSource) {
            return fetcher.blobs(op, image(op));
        }
        List<LayerBlob> blobs = new ArrayList<>();
        if (op instanceof Op.Merge) {
            for (Vertex input : vertex.inputs()) {
                blobs.addAll(blobs(input, format));
            }
            return blobs;
        }
        if (op.root() != Op.NONE) {
            blobs.addAll(blobs(vertex.inputs().get(op.root()), format));
        }
        for (SnapshotId own : own(vertex)) {
            blobs.add(store.snapshots().blob(own, format));
        }
        return blobs;
    }

    /// The file system of a vertex, mounted for reading until this solver is closed.
    MountedView view(Vertex vertex) throws InterruptedException {
        return views.get(vertex, () -> store.snapshots().view(layers(vertex)));
    }

    /// The file system of a vertex, or an empty one, mounted for reading until the caller closes it.
    MountedView openView(@Nullable Vertex vertex) throws InterruptedException {
        return store.snapshots().view(vertex == null ? List.of() : layers(vertex));
    }

    /// Keeps what a failed process left, if that is wanted.
    void keep(Vertex vertex, ActiveSnapshot active, VertexInputs inputs) throws IOException, InterruptedException {
        failures.keep(vertex, plan.graph().info(vertex), active, inputs);
    }

    /// Makes what a process stands on, and runs another one in its place.
    ///
    /// @param ready told when everything is made
    /// @return its exit code
    int enter(Vertex vertex, Visit visit, Consumer<Op.Exec> ready) throws IOException, InterruptedException {
        if (!(vertex.op() instanceof Op.Exec exec)) {
            throw new IllegalArgumentException("no process: " + vertex);
        }
        missing.check(vertex, false);
        beforeRun.check(vertex);
        VertexInputs inputs = new VertexInputs(vertex, this, contexts);
        inputs.prepare();
        ready.accept(exec);
        return runner.enter(exec, inputs, plan.graph().info(vertex).shell(), visit);
    }

    private ResolvedImage image(Op op) {
        Digest manifest = switch (op) {
            case Op.ImageSource image -> image.manifest();
            case Op.OciLayoutSource layout -> layout.manifest();
            case Op.LocalSource other -> throw new IllegalArgumentException("not an image: " + other);
            case Op.HttpSource other -> throw new IllegalArgumentException("not an image: " + other);
            case Op.GitSource other -> throw new IllegalArgumentException("not an image: " + other);
            case Op.Exec other -> throw new IllegalArgumentException("not an image: " + other);
            case Op.FileOp other -> throw new IllegalArgumentException("not an image: " + other);
            case Op.Merge other -> throw new IllegalArgumentException("not an image: " + other);
        };
        ResolvedImage image = plan.images().get(manifest.hex());
        if (image == null) {
            throw new IllegalArgumentException("not an image of this plan: " + manifest);
        }
        return image;
    }

    private Result compute(Vertex vertex) throws IOException, InterruptedException {
        Op op = vertex.op();
        if (op instanceof Op.ImageSource || op instanceof Op.OciLayoutSource) {
            return new Result("image " + image(op).digest(), List.of());
        }
        Set<Integer> needed = KeyBuilder.results(vertex);
        needed.forEach(input -> start(vertex.inputs().get(input)));
        if (op instanceof Op.Merge) {
            StringBuilder identities = new StringBuilder();
            for (Vertex input : vertex.inputs()) {
                identities.append(result(input).identity()).append('\n');
            }
            byte[] text = identities.toString().getBytes(StandardCharsets.UTF_8);
            return new Result("merge " + Digest.of(text), List.of());
        }
        return new Attempt(vertex).find();
    }

    /// The layers that a vertex adds, on disk: made again if they were pruned.
    private List<SnapshotId> own(Vertex vertex) throws InterruptedException {
        Result result = result(vertex);
        if (result.layers().stream().allMatch(store.snapshots()::contains)) {
            return result.layers();
        }
        return remade.get(
                vertex, () -> new Attempt(vertex).remake(result.identity()).layers());
    }

    private List<SnapshotId> materialize(Vertex vertex) throws IOException, InterruptedException {
        Op op = vertex.op();
        if (op instanceof Op.ImageSource || op instanceof Op.OciLayoutSource) {
            String name = plan.graph().info(vertex).name();
            return fetcher.snapshots(op, image(op), () -> steps.start(name), () -> steps.cached(name));
        }
        List<SnapshotId> all = new ArrayList<>();
        if (op instanceof Op.Merge) {
            for (Vertex input : vertex.inputs()) {
                all.addAll(layers(input));
            }
            return all;
        }
        if (op.root() != Op.NONE) {
            all.addAll(layers(vertex.inputs().get(op.root())));
        }
        all.addAll(own(vertex));
        return all;
    }

    /// One try to find or make the result of a vertex.
    private final class Attempt implements KeyBuilder.InputKeys {
        private final Vertex vertex;
        private final VertexInfo info;

        Attempt(Vertex vertex) {
            this.vertex = vertex;
            this.info = plan.graph().info(vertex);
        }

        @Override
        public String identity(int input) {
            try {
                return result(vertex.inputs().get(input)).identity();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.util.concurrent.CancellationException("interrupted");
            }
        }

        @Override
        public Digest content(int input, List<Selection> selections) throws IOException, InterruptedException {
            return ContentHash.of(trees().tree(input), selections);
        }

        private VertexInputs trees() {
            return new VertexInputs(vertex, Solver.this, contexts);
        }

        Result find() throws InterruptedException {
            try {
                CacheKey definition = KeyBuilder.definition(vertex, this);
                if (!info.noCache()) {
                    Optional<CacheRecord> hit = index.find(definition);
                    if (hit.isPresent()) {
                        return cached(hit.get());
                    }
                }
                CacheKey content = KeyBuilder.readsResults(vertex) ? KeyBuilder.content(vertex, this) : definition;
                try (StoreLock _ = store.lock("key-" + content.digest().hex())) {
                    // Another build may have made it while this one waited; and a result may be known by its content.
                    Optional<CacheRecord> hit = info.noCache() ? Optional.empty() : index.find(content);
                    if (hit.isPresent()) {
                        index.put(definition, hit.get());
                        return cached(hit.get());
                    }
                    return run(definition, content, null);
                }
            } catch (IOException | RuntimeException e) {
                throw failure(e);
            }
        }

        /// Makes the layers of a known result again, which keeps its identity: what was built on it stays valid.
        Result remake(String identity) throws InterruptedException {
            try {
                CacheKey definition = KeyBuilder.definition(vertex, this);
                CacheKey content = KeyBuilder.readsResults(vertex) ? KeyBuilder.content(vertex, this) : definition;
                try (StoreLock _ = store.lock("key-" + content.digest().hex())) {
                    Optional<CacheRecord> hit = index.find(content);
                    if (hit.isPresent() && hit.get().result().layers().stream().allMatch(store.snapshots()::contains)) {
                        return hit.get().result();
                    }
                    return run(definition, content, identity);
                }
            } catch (IOException | RuntimeException e) {
                throw failure(e);
            }
        }

        private Result cached(CacheRecord hit) {
            steps.cached(info.name());
            return hit.result();
        }

        private Result run(CacheKey definition, CacheKey content, @Nullable String identity)
                throws IOException, InterruptedException {
            missing.check(vertex, identity != null);
            String hint = beforeRun.check(vertex);
            boolean process = vertex.op() instanceof Op.Exec;
            VertexInputs inputs = trees();
            inputs.prepare();
            if (process) {
                gate.enter(weights.of(vertex));
            }
            try {
                Steps.Step step = steps.start(info.name());
                try {
                    if (hint != null && hinted.add(hint)) {
                        step.warn(hint);
                    }
                    SnapshotId layer = runner.run(vertex.op(), inputs, step);
                    Duration took = step.elapsed();
                    step.completed();
                    Result result = new Result(identity == null ? "layer " + layer : identity, List.of(layer));
                    CacheRecord made = new CacheRecord(result, info.name(), content.parts(), took);
                    index.put(content, made);
                    if (!definition.equals(content)) {
                        index.put(definition, made);
                    }
                    if (early != null && exported.contains(vertex)) {
                        LayerFormat format = early;
                        earlyBlobs.start(layer, () -> store.snapshots().blob(layer, format));
                    }
                    return result;
                } catch (InterruptedException e) {
                    step.failed("canceled", true);
                    throw e;
                } catch (IOException | RuntimeException e) {
                    Exception told = told(e);
                    step.failed(String.valueOf(told.getMessage()), false);
                    throw failure(told);
                }
            } finally {
                if (process) {
                    gate.leave();
                }
            }
        }

        private RuntimeException failure(Exception e) {
            return e instanceof SolveException solve
                    ? solve
                    : new SolveException(info, told(e), failures.command(vertex));
        }

        /// A full disk is the store's trouble, whatever was being written there.
        private Exception told(Exception e) {
            if (e instanceof IOException io) {
                StoreException store = StoreException.of(io, Solver.this.store.root(), "write to the store");
                return store.kind() == StoreException.Kind.FULL ? store : e;
            }
            return e;
        }
    }

    /// Stops what is under way, and takes the mounts away.
    @Override
    public void close() {
        crew.stop();
        boolean interrupted = Thread.interrupted();
        try {
            crew.join();
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            views.done().forEach(MountedView::close);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
