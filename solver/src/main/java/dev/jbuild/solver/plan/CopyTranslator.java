package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Word;
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

    private final StageVertices vertices;

    private final RemoteTranslator remotes;

    CopyTranslator(StageVertices vertices) {
        this.vertices = vertices;
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
            if (source == null && !copy.sources().isEmpty()) {
                Word first = copy.sources().getFirst();
                throw PlanErrors.at(
                        vertices.source(),
                        first.span(),
                        "\"" + state.expand(first) + "\" not found: stage \"" + from.text() + "\" has no files",
                        null);
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

        // On an empty file system there is nothing to link to.
        Vertex root = state.root();
        Vertex linked = transfer.link() ? root : null;
        List<Vertex> inputs = linked == null ? state.rootInputs() : new ArrayList<>();
        int rootIndex = linked == null ? state.rootIndex() : Op.NONE;
        int sourceIndex = source == null ? Op.NONE : index(inputs, source);
        List<FileAction> actions = new ArrayList<>();
        StringBuilder names = new StringBuilder();
        for (Heredoc heredoc : transfer.heredocs()) {
            actions.add(new FileAction.MakeFile(destination, heredoc.name(), state.expand(heredoc), owner, mode));
            names.append("<<").append(heredoc.name()).append(' ');
        }
        for (Word word : transfer.sources()) {
            String written = state.expand(word);
            checkSource(keyword, written, word);
            RemoteTranslator.Remote fetched = remote.get(word);
            actions.add(
                    fetched == null
                            ? copy(transfer, written, destination, sourceIndex, excludes, owner, mode)
                            : fetched.copy(index(inputs, fetched.vertex()), destination, excludes, owner, mode));
            names.append(fetched == null ? written : RemoteAddress.shown(written))
                    .append(' ');
        }
        String text = keyword + " " + flag + names + state.expand(transfer.destination());
        VertexInfo info = state.next(vertices.source(), span, text);
        Vertex made = vertices.graph().add(new Op.FileOp(rootIndex, actions), inputs, info);
        if (linked != null) {
            // The merge only stacks layers: it is no step of its own.
            made = vertices.graph().add(new Op.Merge(), List.of(linked, made), info);
        }
        state.extend(made);
        state.history(keyword + " " + names + state.expand(transfer.destination()), true);
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
        // A pattern is not cleaned as a path is: its backslashes and brackets must stay as they are.
        String path = Paths.absolute(written, "/");
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
        if (!text.matches("[0-7]{1,5}") || (text.length() == 5 && text.charAt(0) != '0')) {
            if (!text.matches("[ugoa]*[-+=]([rwxXst]*|[ugo])(,[ugoa]*[-+=]([rwxXst]*|[ugo]))*")) {
                throw PlanErrors.at(
                        vertices.source(),
                        chmod.span(),
                        "invalid --chmod \"" + text
                                + "\": it should be an octal string between 0 and 07777, or symbolic",
                        "for example --chmod=755 or --chmod=u=rwX,go=rX");
            }
        }
        return new FileAction.Mode(text);
    }
}
