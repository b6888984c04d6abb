package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.GitUrl;
import dev.jbuild.solver.plan.RemoteSourceException;
import dev.jbuild.solver.plan.ResolvedCommit;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Git repositories: one bare repository for each remote, kept in the store, and layers made of their
/// commits.
final class GitRepositories {
    private static final int SHORTEST_COMMIT = 4;

    private final LayerStore store;
    private final Programs programs;
    private final Steps steps;
    private final Secrets secrets;
    private final boolean offline;

    GitRepositories(LayerStore store, Programs programs, Steps steps, Secrets secrets, boolean offline) {
        this.store = store;
        this.programs = programs;
        this.steps = steps;
        this.secrets = secrets;
        this.offline = offline;
    }

    /// The commit that a git URL means now. One that the URL names by its whole ID needs no network.
    ResolvedCommit resolve(GitUrl url) throws IOException, InterruptedException {
        String checksum = url.checksum();
        if (url.fetchByCommit() && checksum != null) {
            return ResolvedCommit.of(checksum);
        }
        if (ResolvedCommit.isId(url.ref())) {
            return ResolvedCommit.of(url.ref());
        }
        Steps.Step step =
                steps.start("[internal] load git " + url.remote() + (url.ref().isEmpty() ? "" : "#" + url.ref()));
        try {
            ResolvedCommit commit = ask(url, step);
            step.completed();
            return commit;
        } catch (InterruptedException e) {
            step.failed("canceled", true);
            throw e;
        } catch (GitException e) {
            RemoteSourceException told = told(url.remote(), e);
            step.failed(String.valueOf(told.getMessage()), false);
            throw told;
        } catch (IOException | RuntimeException e) {
            step.failed(String.valueOf(e.getMessage()), false);
            throw e;
        }
    }

    private static RemoteSourceException told(RemoteAddress remote, GitException e) {
        return new RemoteSourceException("cannot fetch " + remote + ": " + e.getMessage(), e);
    }

    private ResolvedCommit ask(GitUrl url, Steps.Step step) throws IOException, InterruptedException {
        GitCommand git = new GitCommand(programs, home(), secrets, offline);
        String ref = url.ref();
        List<String> names = new ArrayList<>();
        if (ref.isEmpty() || ref.equals("HEAD")) {
            names.add("HEAD");
        } else if (ref.startsWith("refs/")) {
            names.add(ref);
        } else {
            // Branches win over tags, as for git checkout.
            names.addAll(List.of("refs/heads/" + ref, "refs/tags/" + ref, "refs/" + ref));
        }
        List<String> args =
                new ArrayList<>(List.of("ls-remote", "--", url.remote().withoutLogin()));
        for (String name : names) {
            args.addAll(List.of(name, name + "^{}"));
        }
        Map<String, String> found = references(git.remote(home(), url.remote(), line -> {}, args));
        for (String name : names) {
            String object = found.get(name);
            if (object != null) {
                String commit = found.getOrDefault(name + "^{}", object);
                return new ResolvedCommit(commit, object, name.equals("HEAD") ? "" : name);
            }
        }
        String abbreviated = abbreviated(url, git, step);
        if (abbreviated != null) {
            return ResolvedCommit.of(abbreviated);
        }
        throw new RemoteSourceException(unknown(url, git), null);
    }

    private static Map<String, String> references(List<String> lines) {
        Map<String, String> references = new LinkedHashMap<>();
        for (String line : lines) {
            int tab = line.indexOf('\t');
            if (tab > 0 && ResolvedCommit.isId(line.substring(0, tab))) {
                references.put(line.substring(tab + 1), line.substring(0, tab));
            }
        }
        return references;
    }

    /// The commit whose ID begins with the reference; null if it is no such beginning, or there is none.
    private @Nullable String abbreviated(GitUrl url, GitCommand git, Steps.Step step)
            throws IOException, InterruptedException {
        String ref = url.ref();
        if (!ResolvedCommit.isPrefix(ref) || ref.length() < SHORTEST_COMMIT) {
            return null;
        }
        try (StoreLock _ = store.lock(lockName(url.remote()))) {
            GitFetch fetch = new GitFetch(git, repository(url.remote()), url.remote(), step::status);
            return fetch.abbreviated(ref);
        }
    }

    private String unknown(GitUrl url, GitCommand git) throws IOException, InterruptedException {
        String remote = url.remote().withoutLogin();
        Map<String, String> all =
                references(git.remote(home(), url.remote(), line -> {}, List.of("ls-remote", "--", remote)));
        if (all.isEmpty()) {
            return url.remote() + ": the repository is empty";
        }
        List<String> names = all.keySet().stream()
                .filter(name -> name.startsWith("refs/heads/") || name.startsWith("refs/tags/"))
                .map(name -> name.replaceFirst("^refs/(heads|tags)/", "").replace("^{}", ""))
                .distinct()
                .toList();
        String wanted = url.ref().replaceFirst("^refs/(heads|tags)/", "");
        String near = Suggestion.didYouMean(wanted, names);
        return url.remote() + ": there is no branch, tag or commit \"" + url.ref() + '"'
                + (near == null ? "" : "; " + near);
    }

    /// The files of a commit as a layer. Nothing is fetched that is in the store.
    SnapshotId layer(Op.GitSource source, Steps.Step step) throws IOException, InterruptedException {
        GitCommand git = new GitCommand(programs, home(), secrets, offline);
        Path repository = repository(source.remote());
        try {
            try (StoreLock _ = store.lock(lockName(source.remote()))) {
                new GitFetch(git, repository, source.remote(), step::status).fetch(source.commit(), source.ref());
            }
            return new GitCheckout(store, git, repository, source, step::status).layer();
        } catch (GitException e) {
            throw told(source.remote(), e);
        }
    }

    /// When a commit was made.
    Instant commitTime(Op.GitSource source) throws IOException, InterruptedException {
        GitCommand git = new GitCommand(programs, home(), secrets, offline);
        Path repository = repository(source.remote());
        try {
            try (StoreLock _ = store.lock(lockName(source.remote()))) {
                new GitFetch(git, repository, source.remote(), line -> {}).fetch(source.commit(), source.ref());
            }
            return Instant.ofEpochSecond(GitCheckout.commitTime(git, repository, source.commit()));
        } catch (GitException e) {
            throw told(source.remote(), e);
        }
    }

    private Path directory() {
        return store.sourcesDir().resolve("git");
    }

    private Path repository(RemoteAddress remote) {
        return directory().resolve(hash(remote));
    }

    private static String hash(RemoteAddress remote) {
        return Digest.of(remote.withoutLogin().getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static String lockName(RemoteAddress remote) {
        return "git-" + hash(remote);
    }

    /// The home directory that git is given, with nothing in it but our configuration.
    private Path home() throws IOException {
        Path home = store.sourcesDir().resolve("home");
        Path configuration = home.resolve(".gitconfig");
        if (!Files.isRegularFile(configuration)
                || !Files.readString(configuration).equals(GitCommand.CONFIGURATION)) {
            Files.createDirectories(home);
            store.publish(configuration, GitCommand.CONFIGURATION.getBytes(StandardCharsets.UTF_8));
        }
        return home;
    }
}
