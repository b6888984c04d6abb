package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.FetchedContext;
import dev.jbuild.solver.fetch.ContextArchive;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.ContextSource;
import dev.jbuild.solver.plan.GitUrl;
import dev.jbuild.solver.plan.RemoteSourceException;
import dev.jbuild.solver.plan.ResolvedCommit;
import dev.jbuild.solver.plan.ResolvedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Main build contexts and Dockerfiles that are on other machines.
final class RemoteInput {
    private final BuildSession session;

    RemoteInput(BuildSession session) {
        this.session = session;
    }

    /// A git repository. It is fetched at once only if the Dockerfile is in it.
    MainContext git(GitUrl repository, boolean keepGitDir, DockerfileOption file)
            throws IOException, InterruptedException {
        ContextSource source = source(repository, keepGitDir);
        return new MainContext.Elsewhere(dockerfile(file, source, repository.toString()), source);
    }

    /// A file by HTTP: an archive of the context, or a Dockerfile.
    MainContext http(RemoteAddress url, DockerfileOption file) throws IOException, InterruptedException {
        ContextSource source = source(url);
        boolean isDockerfile =
                file instanceof DockerfileOption.Usual && source.ops().size() == 1;
        Source text = isDockerfile && source.ops().getFirst() instanceof Op.HttpSource download
                ? dockerfile(url, download.content())
                : dockerfile(file, source, url.toString());
        return new MainContext.Elsewhere(text, source);
    }

    /// A repository's files, pinned.
    ContextSource source(GitUrl repository, boolean keepGitDir) throws IOException, InterruptedException {
        ResolvedCommit commit = session.remote().commit(repository);
        repository.check(commit);
        boolean keep = keepGitDir || Boolean.TRUE.equals(repository.keepGitDir());
        return ContextSource.of(repository.at(commit, keep), "[internal] load git source " + repository);
    }

    /// What is at a URL, pinned: unpacked if it is an archive.
    ContextSource source(RemoteAddress url) throws IOException, InterruptedException {
        ResolvedFile found = session.remote().file(url);
        Op.HttpSource download = new Op.HttpSource(url, ContextSource.FILE, found.content(), found.lastModified());
        String name = "[internal] load remote build context";
        byte[] start;
        try (InputStream in = open(found.content())) {
            start = in.readNBytes(ContextArchive.START);
        }
        if (!ContextArchive.isArchive(start)) {
            return ContextSource.of(download, name);
        }
        try (InputStream in = open(found.content())) {
            if (!ContextArchive.holdsTar(in)) {
                throw new RemoteSourceException(
                        url + " is a compressed file but no tar archive: it cannot be a build context", null);
            }
        }
        return ContextSource.unpacked(download, name);
    }

    /// A Dockerfile at a URL.
    Source dockerfile(RemoteAddress url) throws IOException, InterruptedException {
        return dockerfile(url, session.remote().file(url).content());
    }

    private Source dockerfile(RemoteAddress url, Digest content) throws IOException, InterruptedException {
        Source text;
        try (InputStream in = open(content)) {
            text = DockerfileText.stream(in, url.toString());
        }
        // Servers like to answer with a page of their own.
        if (text.text().stripLeading().startsWith("<")) {
            throw new RemoteSourceException(
                    url + " is a web page, neither a Dockerfile nor a tar archive; the URL of a git repository"
                            + " ends with .git",
                    null);
        }
        return text;
    }

    private Source dockerfile(DockerfileOption file, ContextSource context, String name)
            throws IOException, InterruptedException {
        return switch (file) {
            case DockerfileOption.Usual() -> dockerfileIn(context, "", name);
            case DockerfileOption.File(String path) ->
                // As docker buildx has it: only an absolute path can be meant for this machine.
                path.startsWith("/")
                        ? DockerfileText.file(Path.of(path), session.io().directory())
                        : dockerfileIn(context, path, name);
            case DockerfileOption.StandardInput() ->
                StandardInput.open(session.io().in()).dockerfile();
            case DockerfileOption.Http(String url) -> dockerfile(address(url));
        };
    }

    private Source dockerfileIn(ContextSource context, String path, String name)
            throws IOException, InterruptedException {
        try (FetchedContext fetched = session.fetch(context)) {
            return DockerfileText.in(fetched.tree(), path, name);
        }
    }

    private InputStream open(Digest blob) throws IOException, InterruptedException {
        return session.store()
                .content()
                .open(new Descriptor(
                        "application/octet-stream",
                        blob,
                        session.store().content().size(blob)));
    }

    /// An address of the command line.
    static RemoteAddress address(String url) {
        try {
            return new RemoteAddress(url);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
