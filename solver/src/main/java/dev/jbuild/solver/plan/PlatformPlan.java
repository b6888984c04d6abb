package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ast.Workdir;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The stages of one target platform, translated on demand.
final class PlatformPlan implements StageVertices {
    private final PlanRequest request;
    private final StageGraph stages;
    private final int target;
    private final Platform platform;
    private final BuildGraph graph;
    private final BaseImages images;
    private final Remotes remotes;
    private final ContextVertices contexts;
    private final BuildScope scope;
    private final Map<Integer, StageState> states = new HashMap<>();

    PlatformPlan(
            PlanRequest request,
            StageGraph stages,
            int target,
            Platform platform,
            BuildGraph graph,
            BaseImages images,
            Remotes remotes) {
        this.request = request;
        this.stages = stages;
        this.target = target;
        this.platform = platform;
        this.graph = graph;
        this.images = images;
        this.remotes = remotes;
        this.contexts = new ContextVertices(request, graph, remotes);
        String targetName = stages.name(target);
        this.scope = new BuildScope(request, platform, targetName == null ? "default" : targetName);
    }

    Platform platform() {
        return platform;
    }

    @Override
    public BuildGraph graph() {
        return graph;
    }

    @Override
    public Remotes remotes() {
        return remotes;
    }

    @Override
    public Source source() {
        return request.dockerfile().source();
    }

    /// Begins to resolve the base images and remote sources of every stage that the target needs.
    void prefetch() {
        Set<Integer> seen = new HashSet<>();
        List<Integer> queue = new ArrayList<>(List.of(target));
        while (!queue.isEmpty()) {
            int index = queue.removeLast();
            if (!seen.add(index)) {
                continue;
            }
            Stage stage = stages.stage(index);
            String base = scope.expand(stage.from().image());
            OptionalInt baseStage = stages.base(base, index);
            if (baseStage.isPresent()) {
                queue.add(baseStage.getAsInt());
            } else if (!base.equals("scratch") && !base.isBlank()) {
                Platform wanted = platform(stage.from());
                prefetch(images.place(base, wanted), wanted);
            }
            stage.instructions().forEach(remotes::prefetch);
            for (Word reference : StageGraph.references(stage)) {
                OptionalInt from = stages.from(reference.text());
                if (from.isPresent() && from.getAsInt() < index) {
                    queue.add(from.getAsInt());
                } else if (from.isEmpty() && reference.text().indexOf('$') < 0) {
                    prefetch(images.place(reference.text(), platform), platform);
                }
            }
        }
    }

    private void prefetch(NamedContext place, Platform wanted) {
        if (place instanceof NamedContext.Remote remote) {
            remotes.prefetch(remote);
        } else {
            images.prefetch(place, wanted);
        }
    }

    /// The stage, translated to its last instruction.
    StageState stage(int index) {
        StageState known = states.get(index);
        if (known != null) {
            return known;
        }
        StageState state = begin(index);
        if (replacement(index) != null) {
            // A context of the stage's name stands for the whole stage, not for its base.
            states.put(index, state);
            return state;
        }
        From from = stages.stage(index).from();
        InstructionTranslator translator = new InstructionTranslator(this, request, scope);
        for (String trigger : state.image().config().onBuild()) {
            try {
                translator.translate(DockerfileParser.parseOnBuild(trigger), state, from.span());
            } catch (WordException e) {
                // Its span is a place in the trigger, which is in another Dockerfile.
                throw PlanErrors.at(source(), from.span(), "ONBUILD " + trigger + ": " + e.getMessage(), null);
            }
        }
        if (!state.image().config().onBuild().isEmpty()) {
            state.configure(config -> config.onBuild(List.of()));
        }
        for (Instruction instruction : stages.stage(index).instructions()) {
            translator.translate(instruction, state, null);
        }
        states.put(index, state);
        return state;
    }

    /// The named context that stands for this stage, null if none does.
    private @Nullable NamedContext replacement(int index) {
        String name = stages.name(index);
        return name == null ? null : images.context(name, platform);
    }

    private StageState begin(int index) {
        From from = stages.stage(index).from();
        NamedContext replaced = replacement(index);
        String base = scope.expand(from.image());
        if (base.isBlank()) {
            throw PlanErrors.at(
                    source(),
                    from.image().span(),
                    "base name (" + from.image().text() + ") should not be blank",
                    "give the ARG a default, or pass it with --build-arg");
        }
        Platform wanted = platform(from);
        if (replaced != null) {
            return onContext(index, replaced, wanted, from);
        }
        OptionalInt baseStage = stages.base(base, index);
        if (baseStage.isPresent()) {
            StageState parent = stage(baseStage.getAsInt());
            return new StageState(plan(index, parent.platform(), 0, parent.image()), parent.platform(), parent);
        }
        if (base.equals("scratch") && images.context(base, wanted) == null) {
            ImageConfig empty = ImageConfig.empty(platform);
            return new StageState(plan(index, platform, 0, empty), platform, empty, null);
        }
        return onContext(index, images.place(base, wanted), wanted, from);
    }

    private StageState onContext(int index, NamedContext place, Platform wanted, From from) {
        if (!BaseImages.isImage(place)) {
            return onFiles(index, place, wanted, from);
        }
        BaseImages.Base base = base(place, wanted, from);
        ImageConfig config = base.image().config();
        StageState.StagePlan plan = plan(index, wanted, 1, config);
        // An image without layers is an empty file system with a configuration.
        StageState state = new StageState(plan, wanted, config.withDiffIds(List.of()), null);
        VertexInfo info = state.next(source(), from.span(), "FROM " + base.name());
        if (!config.diffIds().isEmpty()) {
            state.extend(graph.add(base.op(), List.of(), info));
        }
        return state;
    }

    /// A stage that begins with the files of a context, and with no configuration.
    private StageState onFiles(int index, NamedContext place, Platform wanted, From from) {
        ImageConfig empty = ImageConfig.empty(wanted);
        if (place instanceof NamedContext.Scratch) {
            return new StageState(plan(index, wanted, 0, empty), wanted, empty, null);
        }
        StageState state = new StageState(plan(index, wanted, 1, empty), wanted, empty, null);
        Vertex files = contexts.tree(place, source(), from.image().span());
        FileAction all = new FileAction.Copy(0, "/", "/", false, false, false, false, "/", List.of(), null, null);
        VertexInfo info =
                state.next(source(), from.span(), "FROM " + from.image().text());
        state.extend(
                place instanceof NamedContext.Directory
                        ? graph.add(new Op.FileOp(Op.NONE, List.of(all)), List.of(files), info)
                        : files);
        return state;
    }

    private BaseImages.Base base(NamedContext place, Platform wanted, From from) {
        try {
            return images.get(place, wanted);
        } catch (ImageNotFoundException e) {
            throw PlanErrors.imageNotFound(
                    source(),
                    from.image().span(),
                    e,
                    PlanErrors.nearStage(scope.expand(from.image()), stages.allNames()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted while resolving " + place);
        }
    }

    private Platform platform(From from) {
        Word flag = from.platform();
        if (flag == null) {
            return platform;
        }
        String text = scope.expand(flag);
        if (text.isBlank()) {
            throw PlanErrors.at(
                    source(),
                    flag.span(),
                    "empty platform value from expression " + flag.text(),
                    "declare the ARG before the first FROM and give it a default");
        }
        try {
            return Platform.parse(text);
        } catch (IllegalArgumentException e) {
            throw PlanErrors.at(
                    source(), flag.span(), "failed to parse platform " + text, "platforms look like linux/arm64/v8");
        }
    }

    private StageState.StagePlan plan(int index, Platform stagePlatform, int own, ImageConfig base) {
        int steps = own;
        for (Instruction instruction : stages.stage(index).instructions()) {
            steps += isStep(instruction) ? 1 : 0;
        }
        for (String trigger : base.config().onBuild()) {
            steps += isStep(DockerfileParser.parseOnBuild(trigger)) ? 1 : 0;
        }
        String name = stages.name(index);
        boolean noCache =
                request.noCache() || request.noCacheStages().contains(name == null ? String.valueOf(index) : name);
        return new StageState.StagePlan(
                index,
                stages.label(index),
                GraphBuilder.label(request.platforms().size() > 1, stagePlatform, platform, stages.label(index)),
                steps,
                noCache,
                request.dockerfile().directives().escape());
    }

    private static boolean isStep(Instruction instruction) {
        return instruction instanceof Run
                || instruction instanceof Copy
                || instruction instanceof Add
                || instruction instanceof Workdir;
    }

    @Override
    public Vertex context() {
        return contexts.main();
    }

    @Override
    public @Nullable Vertex from(String name, Word word, Instruction instruction, StageState user) {
        if (word.text().indexOf('$') >= 0) {
            throw PlanErrors.at(
                    source(),
                    word.span(),
                    "variable expansion is not supported for --from",
                    "define a new stage with `FROM " + word.text() + " AS …` using an ARG from global scope");
        }
        OptionalInt found = stages.from(name);
        if (found.isPresent()) {
            int index = found.getAsInt();
            if (index < user.plan().index()) {
                return stage(index).root();
            }
            if (index == user.plan().index() || index < stages.size()) {
                throw PlanErrors.at(source(), word.span(), laterStage(name, index, user), null);
            }
            throw PlanErrors.at(
                    source(),
                    word.span(),
                    "invalid stage index " + name,
                    "stages before this one: 0 to " + (user.plan().index() - 1));
        }
        NamedContext place = images.place(name, platform);
        if (place instanceof NamedContext.Scratch) {
            return null;
        }
        if (!BaseImages.isImage(place)) {
            return contexts.tree(place, source(), word.span());
        }
        try {
            BaseImages.Base base = images.get(place, platform);
            return graph.add(base.op(), List.of(), VertexInfo.named("FROM " + base.name()));
        } catch (ImageNotFoundException e) {
            throw PlanErrors.imageNotFound(
                    source(), word.span(), e, PlanErrors.nearStage(name.toLowerCase(Locale.ROOT), stages.allNames()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.util.concurrent.CancellationException("interrupted while resolving " + name);
        }
    }

    private String laterStage(String name, int index, StageState user) {
        if (index == user.plan().index()) {
            return "a stage cannot copy from itself: \"" + name + '"';
        }
        return "cannot copy from stage \"" + name + "\", it needs to be defined before current stage \""
                + user.plan().stageName() + '"';
    }
}
