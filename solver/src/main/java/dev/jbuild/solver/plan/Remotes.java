package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.solver.graph.RemoteAddress;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/// The remote files and repositories of one build, each pinned once and all side by side.
final class Remotes implements AutoCloseable {
    // What a word could yet turn into is not known before its stage is translated.
    private static final Pattern EXPANDS = Pattern.compile("[$\\\\`'\"]");

    private final SourceResolver resolver;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<RemoteAddress, Future<ResolvedFile>> files = new ConcurrentHashMap<>();
    private final Map<GitUrl, Future<ResolvedCommit>> commits = new ConcurrentHashMap<>();

    Remotes(SourceResolver resolver) {
        this.resolver = resolver;
    }

    /// For plans that are thrown away: nothing is asked for.
    static Remotes none() {
        return new Remotes(new SourceResolver() {
            @Override
            public ResolvedFile file(RemoteAddress url) {
                throw new IllegalStateException("nobody needs " + url);
            }

            @Override
            public ResolvedCommit commit(GitUrl repository) {
                throw new IllegalStateException("nobody needs " + repository);
            }
        });
    }

    /// Begins to pin what an instruction will need.
    void prefetch(Instruction instruction) {
        if (!(instruction instanceof Add add)) {
            return;
        }
        for (Word source : add.sources()) {
            String text = source.text();
            if (EXPANDS.matcher(text).find()) {
                continue;
            }
            if (GitUrl.isGit(text)) {
                prefetchGit(text);
            } else if (RemoteTranslator.isRemote(text) && add.checksum() == null) {
                Future<ResolvedFile> _ = begin(new RemoteAddress(text));
            }
        }
    }

    /// Begins to pin a named context that will be needed.
    void prefetch(NamedContext.Remote context) {
        switch (context) {
            case NamedContext.Git(GitUrl repository) -> begin(repository);
            case NamedContext.Http(RemoteAddress url) -> begin(url);
        }
    }

    private void prefetchGit(String text) {
        GitUrl url;
        try {
            url = GitUrl.parse(text);
        } catch (IllegalArgumentException e) {
            // Said where the instruction is translated, at its place in the Dockerfile.
            return;
        }
        Future<ResolvedCommit> _ = begin(url);
    }

    private Future<ResolvedFile> begin(RemoteAddress url) {
        return files.computeIfAbsent(url, key -> threads.submit(() -> resolver.file(key)));
    }

    private Future<ResolvedCommit> begin(GitUrl url) {
        return commits.computeIfAbsent(
                url, key -> threads.submit((Callable<ResolvedCommit>) () -> resolver.commit(key)));
    }

    ResolvedFile file(RemoteAddress url) throws IOException, InterruptedException {
        return await(begin(url));
    }

    ResolvedCommit commit(GitUrl url) throws IOException, InterruptedException {
        return await(begin(url));
    }

    private static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
