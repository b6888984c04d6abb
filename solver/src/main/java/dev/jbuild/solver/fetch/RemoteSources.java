package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.GitUrl;
import dev.jbuild.solver.plan.ResolvedCommit;
import dev.jbuild.solver.plan.ResolvedFile;
import dev.jbuild.solver.plan.SourceResolver;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Supplier;

/// Files from the web and repositories of git: pins them, and makes layers of them.
public final class RemoteSources implements SourceResolver {
    private final WebFiles files;
    private final GitRepositories repositories;

    /// @param client asked for when the first request is to be made, and not before
    /// @param secrets that may log in to servers
    /// @param freshness whether other machines are asked
    public RemoteSources(
            LayerStore store,
            Supplier<RegistryClient> client,
            Programs programs,
            Steps steps,
            Secrets secrets,
            Freshness freshness) {
        this.files = new WebFiles(store, client, steps, new Logins(secrets), freshness.offline());
        this.repositories = new GitRepositories(store, programs, steps, secrets, freshness.offline());
    }

    @Override
    public ResolvedFile file(RemoteAddress url) throws IOException, InterruptedException {
        return files.resolve(url);
    }

    @Override
    public ResolvedCommit commit(GitUrl repository) throws IOException, InterruptedException {
        return repositories.resolve(repository);
    }

    /// When the commit was made.
    public Instant commitTime(Op.GitSource repository) throws IOException, InterruptedException {
        return repositories.commitTime(repository);
    }

    /// The file as a layer of its own.
    public SnapshotId layer(Op.HttpSource file, Steps.Step step) throws IOException, InterruptedException {
        return files.layer(file, step);
    }

    /// The repository's files as a layer of their own.
    public SnapshotId layer(Op.GitSource repository, Steps.Step step) throws IOException, InterruptedException {
        return repositories.layer(repository, step);
    }
}
