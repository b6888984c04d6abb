package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordExpander;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A build stage on its way from FROM to its last instruction, for one target platform.
final class StageState {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");
    private static final String HISTORY_COMMENT = "jbuild.dockerfile.v0";

    private final StagePlan plan;
    private final Platform platform;
    /// All but the configuration and the history, which grow with each instruction.
    private ImageConfig image;
    private final ContainerConfig.Builder config;
    private @Nullable Past past;
    private @Nullable Vertex root;
    // ENV and ARG share one namespace: the later one wins.
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Map<String, String> declared = new LinkedHashMap<>();
    private final List<Unknown> unknown = new ArrayList<>();
    private boolean anyVariable;
    private boolean cmdSet;
    private int step;
    private @Nullable Place trigger;
    private String instruction = "";

    /// A place in a text.
    record Place(Source source, Span span) {}

    /// A line of history and those before it, which other stages may have in common with this one.
    private record Past(History line, @Nullable Past before) {}

    /// A variable that was used and is not defined.
    ///
    /// @param known the names that were, for a suggestion
    record Unknown(String name, Span word, Set<String> known) {
        Unknown {
            known = Set.copyOf(known);
        }
    }

    /// The stage's place in the build: what stays the same for all of its instructions.
    ///
    /// @param label `[build 2/3]` without its number: the platform and the stage's name
    record StagePlan(int index, String stageName, String label, int steps, boolean noCache, char escape) {}

    /// A stage on a base image or on nothing.
    StageState(StagePlan plan, Platform platform, ImageConfig image, @Nullable Vertex root) {
        this.plan = plan;
        this.platform = platform;
        this.image = image;
        this.config = image.config().toBuilder();
        for (History line : image.history()) {
            past = new Past(line, past);
        }
        this.root = root;
        for (String variable : image.config().env()) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        if (!variables.containsKey("PATH")) {
            setEnv("PATH", DEFAULT_PATH);
        }
    }

    /// A stage on an earlier stage: with its image, its file system and its arguments.
    StageState(StagePlan plan, Platform platform, StageState base) {
        this.plan = plan;
        this.platform = platform;
        this.image = base.image;
        this.config = base.config.build().toBuilder();
        this.past = base.past;
        this.root = base.root;
        this.variables.putAll(base.variables);
        this.declared.putAll(base.declared);
        this.anyVariable = base.anyVariable;
    }

    StagePlan plan() {
        return plan;
    }

    Platform platform() {
        return platform;
    }

    /// The image as it would be without further instructions. Making it takes time in proportion to its size.
    ImageConfig image() {
        List<History> history = new ArrayList<>();
        for (Past line = past; line != null; line = line.before) {
            history.add(line.line);
        }
        return image.withConfig(config.build()).withHistory(history.reversed());
    }

    /// The triggers of the image so far.
    List<String> onBuild() {
        return List.copyOf(config.onBuild());
    }

    @Nullable
    Vertex root() {
        return root;
    }

    void extend(Vertex newRoot) {
        root = newRoot;
    }

    /// Where the next lines of history come from.
    void enterInstruction(Source source, Span span) {
        Place place = trigger == null ? new Place(source, span) : trigger;
        String name = place.source().name();
        int line = place.source().position(place.span().start()).line();
        instruction = name.substring(name.lastIndexOf('/') + 1) + ":" + line;
    }

    /// From now on instructions come from a trigger of the base image, and are shown at this place.
    void enterTrigger(Place place) {
        trigger = place;
    }

    /// From now on instructions come from the Dockerfile again.
    void leaveTrigger() {
        trigger = null;
    }

    // Words

    String expand(Word word) {
        WordExpander expander = expander();
        String expanded = expander.expand(word);
        note(expander.undefined(), word.span());
        return expanded;
    }

    List<String> expandToWords(Word word) {
        WordExpander expander = expander();
        List<String> words = expander.expandToWords(word);
        note(expander.undefined(), word.span());
        return words;
    }

    String expand(Heredoc heredoc) {
        if (!heredoc.expand()) {
            return heredoc.body();
        }
        WordExpander expander = expander();
        String expanded = expander.expandHeredoc(heredoc);
        note(expander.undefined(), heredoc.bodySpan());
        return expanded;
    }

    // An ARG without a value is known all the same: whether it has one is up to whoever builds.
    private void note(Set<String> undefined, Span word) {
        for (String name : undefined) {
            if (!anyVariable && trigger == null && !declared.containsKey(name)) {
                unknown.add(new Unknown(name, word, variables.keySet()));
            }
        }
    }

    /// From now on any variable may be defined: the base image is not known.
    void allowAnyVariable() {
        anyVariable = true;
    }

    /// Whether the instruction under way is written in another Dockerfile.
    boolean inTrigger() {
        return trigger != null;
    }

    /// The undefined variables that were used since this was last asked.
    List<Unknown> takeUnknown() {
        if (unknown.isEmpty()) {
            return List.of();
        }
        List<Unknown> taken = List.copyOf(unknown);
        unknown.clear();
        return taken;
    }

    private WordExpander expander() {
        // All words of an instruction see the values from before it, so the map may be read as it is.
        return new WordExpander(plan.escape(), variables::get);
    }

    // Configuration

    void configure(Consumer<ContainerConfig.Builder> change) {
        change.accept(config);
    }

    void author(String author) {
        image = image.withAuthor(author);
    }

    void setEnv(String name, String value) {
        variables.put(name, value);
        config.env(name, value);
    }

    /// Declares an argument. Without a value it leaves a variable of its name as it is.
    ///
    /// @param variable whether processes and words see it
    void setArgument(String name, @Nullable String value, boolean variable) {
        declared.put(name, value == null ? "" : value);
        if (value != null && variable) {
            variables.put(name, value);
        }
    }

    boolean declares(String argument) {
        return declared.containsKey(argument);
    }

    /// The environment of a process: ENV and ARG, in the order in which they were declared.
    List<String> environment() {
        List<String> environment = new ArrayList<>();
        variables.forEach((name, value) -> environment.add(name + "=" + value));
        return environment;
    }

    List<String> shell() {
        List<String> shell = config.shell();
        return shell == null ? DEFAULT_SHELL : shell;
    }

    boolean shellIsSet() {
        return config.shell() != null;
    }

    String workingDirectory() {
        String directory = config.workingDir();
        return directory == null ? "/" : directory;
    }

    String user() {
        String user = config.user();
        return user == null ? "" : user;
    }

    boolean cmdSet() {
        return cmdSet;
    }

    void markCmdSet() {
        cmdSet = true;
    }

    // History and progress

    void history(String createdBy, boolean layer) {
        past = new Past(new History(null, createdBy, null, HISTORY_COMMENT, !layer, instruction), past);
    }

    /// `|2 A=1 B=2 `: the arguments that are declared, as they stand in the history of a RUN; with the values that
    /// the process sees, which may be those of an ENV.
    String argumentsForHistory() {
        if (declared.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("|").append(declared.size()).append(' ');
        declared.forEach((name, value) -> text.append(name)
                .append('=')
                .append(variables.getOrDefault(name, value))
                .append(' '));
        return text.toString();
    }

    /// The description of the next vertex of this stage.
    VertexInfo next(Source source, Span span, String text) {
        step++;
        Place place = trigger == null ? new Place(source, span) : trigger;
        return new VertexInfo(
                "[" + plan.label() + step + "/" + plan.steps() + "] " + text,
                plan.stageName(),
                place.source(),
                place.span(),
                plan.noCache(),
                shell());
    }

    /// The description of a vertex that the next one of this stage reads. What it makes is pinned: it need
    /// never be made again.
    VertexInfo source(Source source, Span span, String name) {
        Place place = trigger == null ? new Place(source, span) : trigger;
        return new VertexInfo(name, plan.stageName(), place.source(), place.span(), false, shell());
    }

    /// The index of the root input in a vertex's inputs: 0, or [Op#NONE] on an empty file system.
    int rootIndex() {
        return root == null ? Op.NONE : 0;
    }

    /// The inputs of a vertex that extends this stage: the root, if there is one.
    List<Vertex> rootInputs() {
        List<Vertex> inputs = new ArrayList<>();
        if (root != null) {
            inputs.add(root);
        }
        return inputs;
    }
}
