package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Span;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Sources of ADD that are URLs and git repositories: one vertex for each, which ADD then copies from.
final class RemoteTranslator {
    private static final Pattern WEB = Pattern.compile("(?i)^https?://.*");
    private static final String UNNAMED = "__unnamed__";

    private final StageVertices vertices;

    RemoteTranslator(StageVertices vertices) {
        this.vertices = vertices;
    }

    /// A vertex and what of it is copied.
    record Remote(Vertex vertex, String path, boolean unpack) {
        FileAction copy(
                int source,
                String destination,
                List<String> excludes,
                FileAction.@Nullable Owner owner,
                FileAction.@Nullable Mode mode) {
            return new FileAction.Copy(
                    source, path, destination, false, false, unpack, false, "/", excludes, owner, mode);
        }
    }

    /// Whether ADD fetches a source of this name.
    static boolean isRemote(String text) {
        return WEB.matcher(text).matches() || GitUrl.isGit(text);
    }

    /// Checks the flags that only some sources can have.
    ///
    /// @param local whether there is a source in the build context
    void check(Add add, boolean local) {
        Word checksum = add.checksum();
        if (checksum == null) {
            return;
        }
        if (add.sources().size() + add.heredocs().size() != 1) {
            throw at(
                    checksum,
                    "checksum can't be specified for multiple sources",
                    "use an ADD of its own for each source that has a checksum");
        }
        if (local || add.sources().isEmpty()) {
            throw at(
                    checksum,
                    "checksum can't be specified for local files",
                    "--checksum is for URLs and git repositories");
        }
    }

    Remote translate(Add add, Word source, String text, StageState state, Span span) {
        if (vertices.checking()) {
            // No rule is about what is fetched.
            Vertex unknown = vertices.graph().add(new Op.LocalSource(text), List.of(), VertexInfo.named(text));
            return new Remote(unknown, "/", false);
        }
        try {
            return GitUrl.isGit(text)
                    ? repository(add, source, text, state, span)
                    : file(add, source, text, state, span);
        } catch (RemoteSourceException e) {
            throw PlanErrors.unresolved(vertices.source(), source.span(), e, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while resolving " + RemoteAddress.shown(text));
        }
    }

    // Files

    private Remote file(Add add, Word source, String text, StageState state, Span span)
            throws IOException, InterruptedException {
        RemoteAddress url = address(source, text);
        String name = fileName(url);
        String destination = Paths.destination(state.expand(add.destination()), state.workingDirectory());
        if (name.equals(UNNAMED) && destination.endsWith("/")) {
            throw at(
                    source,
                    "cannot determine a file name for " + url + ": its path has none",
                    "name the file in the destination, such as " + destination + "index.html");
        }
        Word checksum = add.checksum();
        ResolvedFile found = checksum == null
                ? vertices.remotes().file(url)
                : new ResolvedFile(digest(checksum, state.expand(checksum)), null);
        Vertex vertex = vertices.graph()
                .add(
                        new Op.HttpSource(url, name, found.content(), found.lastModified()),
                        List.of(),
                        info(url.toString(), state, span));
        return new Remote(vertex, "/" + name, Boolean.TRUE.equals(add.unpack()));
    }

    private RemoteAddress address(Word source, String text) {
        try {
            return new RemoteAddress(text);
        } catch (IllegalArgumentException e) {
            throw at(source, String.valueOf(e.getMessage()), null);
        }
    }

    /// The last name in the URL's path.
    static String fileName(RemoteAddress url) {
        String path = url.withoutLogin().replaceFirst("^[^:]*://[^/?#]*", "").replaceFirst("[?#].*$", "");
        String decoded;
        try {
            decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A percent sign that begins no escape is one.
            decoded = path;
        }
        String whole = decoded.replaceFirst("/+$", "");
        String name = whole.substring(whole.lastIndexOf('/') + 1);
        boolean usable = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.length() < 256
                && name.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        return usable ? name : UNNAMED;
    }

    private Digest digest(Word checksum, String text) {
        try {
            return Digest.parse(text.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw at(
                    checksum,
                    "invalid --checksum \"" + text + '"',
                    "for a URL it is sha256: and 64 hexadecimal digits, as sha256sum prints them");
        }
    }

    // Repositories

    private Remote repository(Add add, Word source, String text, StageState state, Span span)
            throws IOException, InterruptedException {
        GitUrl url;
        try {
            url = GitUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw at(source, String.valueOf(e.getMessage()), null);
        }
        Boolean inUrl = url.keepGitDir();
        Boolean inFlag = add.keepGitDir();
        if (inUrl != null && inFlag != null && !inUrl.equals(inFlag)) {
            throw at(
                    source,
                    "inconsistent keep-git-dir: --keep-git-dir=" + inFlag + " and keep-git-dir=" + inUrl
                            + " in the URL",
                    "say it in one place");
        }
        String wanted = checksum(add, url, state);
        ResolvedCommit commit = vertices.remotes().commit(url);
        String inQuery = url.checksum();
        for (String checksum : new String[] {wanted, inQuery == null ? "" : inQuery}) {
            if (!commit.matches(checksum)) {
                Word flag = add.checksum();
                throw at(
                        flag != null && !wanted.isEmpty() && checksum.equals(wanted) ? flag : source,
                        "checksum mismatch: " + url + " is commit " + commit.commit() + ", expected " + checksum,
                        null);
            }
        }
        boolean keep = Boolean.TRUE.equals(inFlag) || Boolean.TRUE.equals(inUrl);
        Vertex vertex = vertices.graph().add(url.at(commit, keep), List.of(), info(url.toString(), state, span));
        return new Remote(vertex, "/", false);
    }

    /// What `--checksum` says of a commit, empty if it says nothing.
    private String checksum(Add add, GitUrl url, StageState state) {
        Word flag = add.checksum();
        if (flag == null) {
            return "";
        }
        String wanted = state.expand(flag).toLowerCase(Locale.ROOT);
        if (!ResolvedCommit.isPrefix(wanted)) {
            throw at(
                    flag,
                    "invalid --checksum \"" + wanted + '"',
                    "for a git repository it is the ID of a commit, or how it begins");
        }
        String inUrl = url.checksum();
        if (inUrl != null && !inUrl.startsWith(wanted) && !wanted.startsWith(inUrl)) {
            throw at(flag, "checksum mismatch: \"" + wanted + "\" and \"" + inUrl + "\" in the URL", null);
        }
        return wanted;
    }

    private VertexInfo info(String name, StageState state, Span span) {
        return state.source(vertices.source(), span, name);
    }

    private DockerfileException at(Word word, String message, @Nullable String hint) {
        return PlanErrors.at(vertices.source(), word.span(), message, hint);
    }
}
