package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.lint.Linter;
import dev.jbuild.parser.source.Span;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// COPY and ADD: one vertex with an action for each source.
final class CopyTranslator {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[\\\\]");
    private static final Pattern FTP = Pattern.compile("(?i)^ftps?://.*");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0*[0-7]{1,4}");
    private static final Pattern SYMBOLIC =
            Pattern.compile("CLAUSE(,CLAUSE)*".replace("CLAUSE", "[ugoa]*([-+=]([rwxXst]*|[ugo]))+"));

    private final StageVertices vertices;
    private final @Nullable IgnoreFile ignored;
    private final RemoteTranslator remotes;

    CopyTranslator(StageVertices vertices, PlanRequest request) {
        this.vertices = vertices;
        this.ignored = request.ignored();
        this.remotes = new RemoteTranslator(vertices);
    }

    /// What COPY and ADD have in common, expanded.
    private record Transfer(
            Instruction instruction,
            List<Word> sources,
            List<Heredoc> heredocs,
            Word destination,
            @Nullable Word chown,
            @Nullable Word chmod,
            List<Word> excludes,
            boolean link,
            boolean parents,
            boolean unpack) {}

    void translate(Copy copy, StageState state, Span span) {
        Vertex source = null;
        Word from = copy.from();
        if (from != null) {
            source = vertices.from(from.text(), from, copy, state);
            if (source == null) {
                checkEmpty(copy.sources(), from, state);
            }
        } else if (!copy.sources().isEmpty()) {
            source = vertices.context();
        }
        Transfer transfer = new Transfer(
                copy,
                copy.sources(),
                copy.heredocs(),
                copy.destination(),
                copy.chown(),
                copy.chmod(),
                copy.excludes(),
                copy.link(),
                copy.parents(),
                false);
        String flag = from == null ? "" : "--from=" + from.text() + " ";
        translate(transfer, source, Map.of(), flag, state, span);
    }

    void translate(Add add, StageState state, Span span) {
        Boolean unpack = add.unpack();
        Transfer transfer = new Transfer(
                add,
                add.sources(),
                add.heredocs(),
                add.destination(),
                add.chown(),
                add.chmod(),
                add.excludes(),
                add.link(),
                false,
                unpack == null || unpack);
        boolean local = add.sources().stream().anyMatch(source -> !RemoteTranslator.isRemote(state.expand(source)));
        remotes.check(add, local);
        Map<Word, RemoteTranslator.Remote> found = new HashMap<>();
        for (Word source : add.sources()) {
            String text = state.expand(source);
            if (FTP.matcher(text).matches()) {
                throw PlanErrors.at(
                        vertices.source(),
                        source.span(),
                        "ADD cannot fetch " + RemoteAddress.shown(text),
                        "sources may be http:// and https:// URLs, and git repositories");
            }
            if (RemoteTranslator.isRemote(text)) {
                found.put(source, remotes.translate(add, source, text, state, span));
            }
        }
        translate(transfer, local ? vertices.context() : null, found, "", state, span);
    }

    private void translate(
            Transfer transfer,
            @Nullable Vertex source,
            Map<Word, RemoteTranslator.Remote> remote,
            String flag,
            StageState state,
            Span span) {
        String keyword = transfer.instruction().keyword();
        String destination = Paths.destination(state.expand(transfer.destination()), state.workingDirectory());
        FileAction.Owner owner = owner(transfer, state);
        FileAction.Mode mode = mode(transfer, state);
        List<String> excludes = transfer.excludes().stream().map(state::expand).toList();

        // On an empty file system there is nothing to link to. And --chmod also means the directories on the way:
        // those of the layers below must not get its permissions, so that it wins over --link, as in BuildKit.
        Vertex root = state.root();
        Vertex linked = transfer.link() && mode == null ? root : null;
        if (linked != null) {
            checkLinkedOwner(transfer, owner);
        }
        List<Vertex> inputs = linked == null ? state.rootInputs() : new ArrayList<>();
        int rootIndex = linked == null ? state.rootIndex() : Op.NONE;
        int sourceIndex = source == null ? Op.NONE : index(inputs, source);
        List<FileAction> actions = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (Word word : transfer.sources()) {
            String written = state.expand(word);
            checkSource(keyword, written, word);
            RemoteTranslator.Remote fetched = remote.get(word);
            if (fetched != null) {
                actions.add(fetched.copy(index(inputs, fetched.vertex()), destination, excludes, owner, mode));
            } else if (source != null) {
                if (flag.isEmpty() && !state.inTrigger()) {
                    checkIgnored(transfer.instruction(), written, word);
                }
                actions.add(copy(transfer, written, destination, sourceIndex, excludes, owner, mode));
            } else {
                actions.add(new FileAction.MakeDirectory(destination, 0755, true, owner));
            }
            names.append(fetched == null ? written : RemoteAddress.shown(written))
                    .append(' ');
        }
        // After the files, wherever they stand: where both have the same name, this is what is left.
        for (Heredoc heredoc : transfer.heredocs()) {
            checkName(heredoc);
            actions.add(new FileAction.MakeFile(destination, heredoc.name(), state.expand(heredoc), owner, mode));
            names.append("<<").append(heredoc.name()).append(' ');
        }
        String text = keyword + " " + flag + names + state.expand(transfer.destination());
        VertexInfo info = state.next(vertices.source(), span, text);
        Vertex made = vertices.graph().add(new Op.FileOp(rootIndex, actions), inputs, info);
        if (linked != null) {
            // The merge only stacks layers: it is no step of its own.
            made = vertices.graph().add(new Op.Merge(), List.of(linked, made), info);
        }
        state.extend(made);
        String flags = (transfer.parents() ? " --parents" : "")
                + (owner == null ? "" : " --chown=" + owner)
                + (mode == null ? "" : " --chmod=" + mode.text());
        state.history(keyword + flags + " " + names + state.expand(transfer.destination()), true);
    }

    /// Of an empty stage there is its root, which holds nothing, and whatever a pattern does not match.
    private void checkEmpty(List<Word> sources, Word from, StageState state) {
        for (Word source : sources) {
            String path = state.expand(source);
            if (!Paths.absolute(path, "/").equals("/")
                    && !WILDCARD.matcher(path).find()) {
                throw PlanErrors.at(
                        vertices.source(),
                        source.span(),
                        "\"" + path + "\" not found: stage \"" + from.text() + "\" has no files",
                        null);
            }
        }
    }

    private static int index(List<Vertex> inputs, Vertex vertex) {
        int known = inputs.indexOf(vertex);
        if (known < 0) {
            inputs.add(vertex);
        }
        return known < 0 ? inputs.size() - 1 : known;
    }

    private static FileAction copy(
            Transfer transfer,
            String written,
            String destination,
            int source,
            List<String> excludes,
            FileAction.@Nullable Owner owner,
            FileAction.@Nullable Mode mode) {
        boolean wildcard = WILDCARD.matcher(written).find();
        int pivot = transfer.parents() ? written.indexOf("/./") : -1;
        String base = pivot < 0 ? "/" : Paths.absolute(written.substring(0, pivot), "/");
        // What lies below the pivot cannot leave it.
        String below = Paths.absolute(written.substring(pivot + 1), "/");
        String path = base.equals("/") ? below : below.equals("/") ? base : base + below;
        return new FileAction.Copy(
                source,
                path,
                destination,
                wildcard,
                wildcard,
                transfer.unpack(),
                transfer.parents(),
                base,
                excludes,
                owner,
                mode);
    }

    /// A linked copy begins on an empty tree, where nobody has a name.
    private void checkLinkedOwner(Transfer transfer, FileAction.@Nullable Owner owner) {
        Word chown = transfer.chown();
        if (owner == null || chown == null) {
            return;
        }
        for (String name : new String[] {owner.user(), owner.group() == null ? "root" : owner.group()}) {
            if (!name.equals("root") && !NUMBER.matcher(name).matches()) {
                throw PlanErrors.at(
                        vertices.source(),
                        chown.span(),
                        "--link cannot look up \"" + name + "\": it does not read the /etc/passwd and /etc/group of"
                                + " the layers below",
                        "give numbers, such as --chown=1000:1000, or leave out --link");
            }
        }
    }

    private void checkName(Heredoc heredoc) {
        String name = heredoc.name();
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw PlanErrors.at(
                    vertices.source(),
                    heredoc.span(),
                    "\"" + name + "\" cannot be the name of the file that this here-document makes",
                    "use a name without `/`, and put the directory into the destination");
        }
    }

    private void checkSource(String keyword, String written, Word word) {
        if (!keyword.equals("COPY")) {
            return;
        }
        String shown = RemoteAddress.shown(written);
        if (GitUrl.isGit(written)) {
            throw PlanErrors.at(
                    vertices.source(),
                    word.span(),
                    "source can't be a git ref for COPY: " + shown,
                    "use ADD for git repositories");
        }
        if (RemoteTranslator.isRemote(written) || FTP.matcher(written).matches()) {
            throw PlanErrors.at(
                    vertices.source(), word.span(), "source can't be a URL for COPY: " + shown, "use ADD for URLs");
        }
    }

    private void checkIgnored(Instruction instruction, String written, Word word) {
        if (ignored == null || ignored.isEmpty() || WILDCARD.matcher(written).find()) {
            return;
        }
        if (ignored.excludes(Paths.absolute(written, "/").substring(1))) {
            vertices.warnings().add(instruction, Linter.copyIgnoredFile(instruction.keyword(), written, word.span()));
        }
    }

    private FileAction.@Nullable Owner owner(Transfer transfer, StageState state) {
        Word chown = transfer.chown();
        if (chown == null) {
            return null;
        }
        String text = state.expand(chown);
        if (text.isEmpty() || text.startsWith(":")) {
            throw PlanErrors.at(
                    vertices.source(),
                    chown.span(),
                    "invalid --chown \"" + text + "\": no user",
                    "--chown=user[:group]");
        }
        return FileAction.Owner.parse(text);
    }

    private FileAction.@Nullable Mode mode(Transfer transfer, StageState state) {
        Word chmod = transfer.chmod();
        if (chmod == null) {
            return null;
        }
        String text = state.expand(chmod);
        if (!OCTAL.matcher(text).matches() && !SYMBOLIC.matcher(text).matches()) {
            throw PlanErrors.at(
                    vertices.source(),
                    chmod.span(),
                    "invalid --chmod \"" + text + "\": it should be an octal string between 0 and 07777, or symbolic",
                    "for example --chmod=755 or --chmod=u=rwX,go=rX");
        }
        return new FileAction.Mode(text);
    }
}
