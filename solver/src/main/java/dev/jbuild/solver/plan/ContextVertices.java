package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.solver.graph.BuildGraph;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/// The vertices that stand for build contexts: the main one, and those with a name that are no images.
final class ContextVertices {
    private final PlanRequest request;
    private final BuildGraph graph;
    private final Remotes remotes;

    ContextVertices(PlanRequest request, BuildGraph graph, Remotes remotes) {
        this.request = request;
        this.graph = graph;
        this.remotes = remotes;
    }

    /// The main build context.
    Vertex main() {
        ContextSource remote = request.context();
        if (remote != null) {
            return remote.addTo(graph);
        }
        return graph.add(
                new Op.LocalSource(PlanRequest.MAIN_CONTEXT),
                List.of(),
                VertexInfo.named("[internal] load build context"));
    }

    /// The files of a context that is no image.
    ///
    /// @param span the place that names it
    Vertex tree(NamedContext place, Source source, Span span) {
        return switch (place) {
            case NamedContext.Directory directory -> directory(directory);
            case NamedContext.Remote remote -> remote(remote, source, span);
            case NamedContext.Scratch none -> throw new IllegalArgumentException("no files: " + none);
            case NamedContext.Image image -> throw new IllegalArgumentException("an image: " + image);
            case NamedContext.OciLayout image -> throw new IllegalArgumentException("an image: " + image);
        };
    }

    private Vertex directory(NamedContext.Directory directory) {
        String name = name(directory);
        return graph.add(
                new Op.LocalSource(name),
                List.of(),
                VertexInfo.named("[context " + name + "] load from " + directory.path()));
    }

    /// A repository or a file, pinned now.
    private Vertex remote(NamedContext.Remote remote, Source source, Span span) {
        try {
            return graph.add(
                    op(remote), List.of(), VertexInfo.named("[context " + name(remote) + "] " + shown(remote)));
        } catch (RemoteSourceException | IOException e) {
            throw PlanErrors.unresolved(source, span, e, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while resolving " + shown(remote));
        }
    }

    private Op op(NamedContext.Remote remote) throws IOException, InterruptedException {
        return switch (remote) {
            case NamedContext.Git(GitUrl repository) -> {
                ResolvedCommit commit = remotes.commit(repository);
                repository.check(commit);
                yield repository.at(commit, Boolean.TRUE.equals(repository.keepGitDir()));
            }
            case NamedContext.Http(var url) -> {
                ResolvedFile file = remotes.file(url);
                yield new Op.HttpSource(url, ContextSource.FILE, file.content(), file.lastModified());
            }
        };
    }

    private static String shown(NamedContext.Remote remote) {
        return switch (remote) {
            case NamedContext.Git(GitUrl repository) -> repository.toString();
            case NamedContext.Http(var url) -> url.toString();
        };
    }

    private String name(NamedContext context) {
        return request.contexts().entrySet().stream()
                .filter(entry -> entry.getValue().equals(context))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElseThrow();
    }
}
