package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ast.Workdir;
import dev.jbuild.parser.lint.Linter;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The stages of one target platform, translated on demand.
final class PlatformPlan implements StageVertices {
    private static final int MOST_NESTED = 100;

    private final PlanRequest request;
    private final StageGraph stages;
    private final int target;
    private final Platform platform;
    private final BuildGraph graph;
    private final BaseImages images;
    private final Remotes remotes;
    private final ContextVertices contexts;
    private final PlanWarnings warnings;
    private final boolean checking;
    private final BuildScope scope;
    private final Map<Integer, StageState> states = new HashMap<>();
    /// The stages that the target needs, itself included.
    private final BitSet needed = new BitSet();
    /// The text of the instruction under way: the Dockerfile, or a trigger of a base image.
    private Source source;

    /// @param checking whether the graph is thrown away, so that only what is said of the Dockerfile counts
    PlatformPlan(
            PlanRequest request,
            StageGraph stages,
            int target,
            Platform platform,
            BuildGraph graph,
            BaseImages images,
            Remotes remotes,
            PlanWarnings warnings,
            boolean checking) {
        this.request = request;
        this.stages = stages;
        this.target = target;
        this.platform = platform;
        this.graph = graph;
        this.images = images;
        this.remotes = remotes;
        this.source = request.dockerfile().source();
        this.contexts = new ContextVertices(request, graph, remotes);
        this.warnings = warnings;
        this.checking = checking;
        String targetName = stages.name(target);
        this.scope = new BuildScope(request, platform, targetName == null ? "default" : targetName);
    }

    Platform platform() {
        return platform;
    }

    /// The stages that were translated.
    Set<Integer> stages() {
        return states.keySet();
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
        return source;
    }

    @Override
    public PlanWarnings warnings() {
        return warnings;
    }

    @Override
    public boolean checking() {
        return checking;
    }

    /// Begins to resolve the base images and remote sources of every stage that the target needs.
    void prefetch() {
        List<Integer> queue = new ArrayList<>(List.of(target));
        while (!queue.isEmpty()) {
            int index = queue.removeLast();
            if (needed.get(index)) {
                continue;
            }
            needed.set(index);
            Stage stage = stages.stage(index);
            NamedContext replaced = replacement(index);
            if (replaced != null) {
                prefetch(replaced, platform(stage.from()));
                continue;
            }
            String base = scope.expand(stage.from().image());
            OptionalInt baseStage = stages.base(base, index);
            if (baseStage.isPresent()) {
                queue.add(baseStage.getAsInt());
            } else if (!base.equals("scratch") && !base.isBlank()) {
                Platform wanted = platform(stage.from());
                prefetch(images.place(base, wanted), wanted);
            }
            if (!checking) {
                stage.instructions().forEach(remotes::prefetch);
            }
            for (Word reference : StageGraph.references(stage)) {
                OptionalInt from = stages.from(reference.text());
                if (from.isPresent() && from.getAsInt() < index) {
                    queue.add(from.getAsInt());
                } else if (!checking && from.isEmpty() && reference.text().indexOf('$') < 0) {
                    prefetch(images.place(reference.text(), platform), platform);
                }
            }
        }
    }

    private void prefetch(NamedContext place, Platform wanted) {
        if (place instanceof NamedContext.Remote remote) {
            if (!checking) {
                remotes.prefetch(remote);
            }
        } else {
            images.prefetch(place, wanted);
        }
    }

    /// The stage, translated to its last instruction.
    StageState stage(int index) {
        // A stage is translated when one that needs it is, on the same stack: too many must not wait for each other.
        if (index == target && needed.cardinality() > MOST_NESTED) {
            for (int before = needed.nextSetBit(0); before < target; before = needed.nextSetBit(before + 1)) {
                translated(before);
            }
        }
        return translated(index);
    }

    private StageState translated(int index) {
        StageState known = states.get(index);
        if (known != null) {
            return known;
        }
        StageState state;
        Source asking = source;
        source = request.dockerfile().source();
        try {
            state = begin(index);
            // A context of the stage's name stands for the whole stage, not for its base.
            if (replacement(index) == null) {
                translate(stages.stage(index), state);
            }
        } catch (WordException e) {
            throw e.in(request.dockerfile().source());
        } finally {
            // A trigger may ask for a stage that it copies from.
            source = asking;
        }
        states.put(index, state);
        return state;
    }

    private void translate(Stage stage, StageState state) {
        InstructionTranslator translator = new InstructionTranslator(this, request, scope);
        for (StageTrigger trigger : triggers(state.onBuild(), stage.from())) {
            source = trigger.text();
            trigger.translate(translator, state);
            source = request.dockerfile().source();
        }
        if (!state.onBuild().isEmpty()) {
            state.configure(config -> config.onBuild(List.of()));
        }
        for (Instruction instruction : stage.instructions()) {
            translator.translate(instruction, state, null);
        }
    }

    private List<StageTrigger> triggers(List<String> onBuild, From from) {
        return StageTrigger.read(
                onBuild,
                new StageState.Place(request.dockerfile().source(), from.image().span()));
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
                    PlanErrors.nearVariable(
                            from.image().text(),
                            scope.names(),
                            "give the ARG a default before the first FROM, or pass it with --build-arg"));
        }
        Platform wanted = platform(from);
        if (replaced != null) {
            return onContext(index, replaced, wanted, from);
        }
        OptionalInt baseStage = stages.base(base, index);
        if (baseStage.isPresent()) {
            StageState parent = stage(baseStage.getAsInt());
            return new StageState(plan(index, parent.platform(), 0, parent.onBuild()), parent.platform(), parent);
        }
        if (base.equals("scratch") && images.context(base, wanted) == null) {
            ImageConfig empty = ImageConfig.empty(platform);
            return new StageState(plan(index, platform, 0, List.of()), platform, empty, null);
        }
        return onContext(index, images.place(base, wanted), wanted, from);
    }

    private StageState onContext(int index, NamedContext place, Platform asked, From from) {
        if (!BaseImages.isImage(place)) {
            return onFiles(index, place, asked, from);
        }
        BaseImages.Base base = base(place, asked, from);
        ImageConfig config = base.image().config();
        Platform wanted = from.platform() == null ? actual(config, asked) : asked;
        checkPlatform(config.platform(), wanted, from);
        StageState.StagePlan plan = plan(index, wanted, 1, config.config().onBuild());
        // An image without layers is an empty file system with a configuration.
        StageState state = new StageState(plan, wanted, config.withDiffIds(List.of()), null);
        VertexInfo info = state.next(source(), from.span(), "FROM " + base.name());
        if (base.image().isUnknown()) {
            state.allowAnyVariable();
        }
        if (!config.diffIds().isEmpty()) {
            state.extend(graph.add(base.op(), List.of(), info));
        }
        return state;
    }

    /// Where nobody asked for a platform, an image that exists for another one only is taken as what it is.
    private Platform actual(ImageConfig config, Platform asked) {
        Platform own = config.platform();
        boolean same = own.os().equals(asked.os()) && own.architecture().equals(asked.architecture());
        return same || !request.platforms().equals(List.of(request.buildPlatform())) ? asked : own;
    }

    /// A stage that begins with the files of a context, and with no configuration.
    private StageState onFiles(int index, NamedContext place, Platform wanted, From from) {
        ImageConfig empty = ImageConfig.empty(wanted);
        if (place instanceof NamedContext.Scratch) {
            return new StageState(plan(index, wanted, 0, List.of()), wanted, empty, null);
        }
        StageState state = new StageState(plan(index, wanted, 1, List.of()), wanted, empty, null);
        Vertex files = checking
                ? unknown(from.image().text())
                : contexts.tree(place, source(), from.image().span());
        FileAction all = new FileAction.Copy(0, "/", "/", false, false, false, false, "/", List.of(), null, null);
        VertexInfo info =
                state.next(source(), from.span(), "FROM " + from.image().text());
        state.extend(
                place instanceof NamedContext.Directory
                        ? graph.add(new Op.FileOp(Op.NONE, List.of(all)), List.of(files), info)
                        : files);
        return state;
    }

    /// Files that nobody will look at: no rule is about what is in them.
    private Vertex unknown(String name) {
        return graph.add(new Op.LocalSource(name), List.of(), VertexInfo.named(name));
    }

    private void checkPlatform(Platform actual, Platform wanted, From from) {
        if (!actual.os().equals(wanted.os()) || !actual.architecture().equals(wanted.architecture())) {
            warnings.add(
                    from,
                    Linter.invalidBaseImagePlatform(
                            scope.expand(from.image()),
                            actual.toString(),
                            wanted.toString(),
                            from.image().span()));
        }
    }

    private BaseImages.Base base(NamedContext place, Platform wanted, From from) {
        try {
            return images.get(place, wanted);
        } catch (ImageNotFoundException | IOException e) {
            throw PlanErrors.unresolved(
                    source(),
                    from.image().span(),
                    e,
                    PlanErrors.nearStage(scope.expand(from.image()), stages.allNames()));
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
                    PlanErrors.nearVariable(
                            flag.text(), scope.names(), "declare the ARG before the first FROM and give it a default"));
        }
        try {
            return PlatformWords.parse(text);
        } catch (BadPlatformException e) {
            throw PlanErrors.at(source(), flag.span(), e.problem(), e.hint());
        }
    }

    private StageState.StagePlan plan(int index, Platform stagePlatform, int own, List<String> onBuild) {
        int steps = own;
        for (Instruction instruction : stages.stage(index).instructions()) {
            steps += isStep(instruction) ? 1 : 0;
        }
        for (StageTrigger trigger : triggers(onBuild, stages.stage(index).from())) {
            steps += isStep(trigger.instruction()) ? 1 : 0;
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
                throw PlanErrors.at(
                        source(),
                        word.span(),
                        laterStage(name, index, user),
                        index == user.plan().index() ? "name an earlier stage or an image" : "move that stage up");
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
        if (checking) {
            return unknown(name);
        }
        if (!BaseImages.isImage(place)) {
            return contexts.tree(place, source(), word.span());
        }
        try {
            BaseImages.Base base = images.get(place, platform);
            return graph.add(base.op(), List.of(), VertexInfo.named("FROM " + base.name()));
        } catch (ImageNotFoundException | IOException e) {
            throw PlanErrors.unresolved(
                    source(), word.span(), e, PlanErrors.nearStage(name.toLowerCase(Locale.ROOT), stages.allNames()));
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
