package dev.jbuild.solver.fetch;

import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.RemoteSourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings commits from a remote into its bare repository here. One at a time may do so.
final class GitFetch {
    private final GitCommand git;
    private final Path repository;
    private final RemoteAddress remote;
    private final GitCommand.Listener listener;

    GitFetch(GitCommand git, Path repository, RemoteAddress remote, GitCommand.Listener listener) {
        this.git = git;
        this.repository = repository;
        this.remote = remote;
        this.listener = listener;
    }

    /// Where a commit that is here with all its files is known by. A fetch that was cut short makes no such name.
    static String mark(String commit) {
        return "refs/jbuild/" + commit;
    }

    /// Brings a commit, without its history if the server can do so.
    ///
    /// @param name the branch or tag that led to it, empty if there is none
    void fetch(String commit, String name) throws IOException, InterruptedException {
        prepare();
        if (resolve(mark(commit)) != null) {
            return;
        }
        // By name every server gives it, unless the name means something else by now; by ID most do.
        boolean there = (!name.isEmpty() && shallow("+" + name + ":" + name) && commit.equals(resolve(name)))
                || (shallow(commit) && commit.equals(resolve(commit)));
        if (!there) {
            all();
            if (!commit.equals(resolve(commit))) {
                throw new RemoteSourceException(remote + ": there is no commit " + commit, null);
            }
        }
        git.local(repository, "update-ref", mark(commit), commit);
    }

    /// The only commit whose ID begins so, null if there is none.
    @Nullable
    String abbreviated(String prefix) throws IOException, InterruptedException {
        prepare();
        String commit = resolve(prefix);
        if (commit == null) {
            all();
            commit = resolve(prefix);
        }
        if (commit == null || !commit.startsWith(prefix)) {
            return null;
        }
        git.local(repository, "update-ref", mark(commit), commit);
        return commit;
    }

    private void prepare() throws IOException, InterruptedException {
        if (!Files.isRegularFile(repository.resolve("HEAD")) || !Files.isRegularFile(repository.resolve("config"))) {
            Files.createDirectories(repository);
            git.local(repository, "init", "--quiet", "--bare", ".");
            // Where git itself would look for it, and `jbuild du` does.
            Files.writeString(repository.resolve("description"), remote + "\n");
        }
        // Left over from a process that was killed: whoever fetches holds the lock of this repository.
        Files.deleteIfExists(repository.resolve("shallow.lock"));
    }

    /// The commit that a name stands for here, null if none.
    private @Nullable String resolve(String name) throws IOException, InterruptedException {
        try {
            List<String> lines = git.local(repository, "rev-parse", "--quiet", "--verify", name + "^{commit}");
            return lines.isEmpty() ? null : lines.getLast();
        } catch (GitException e) {
            return null;
        }
    }

    private boolean shallow(String refspec) throws IOException, InterruptedException {
        try {
            git.remote(repository, remote, listener, fetch(List.of("--depth=1"), List.of(refspec)));
            return true;
        } catch (GitException e) {
            if (e.mayWorkOtherwise()) {
                return false;
            }
            throw e;
        }
    }

    private void all() throws IOException, InterruptedException {
        boolean cut = Files.exists(repository.resolve("shallow"));
        git.remote(
                repository,
                remote,
                listener,
                fetch(
                        cut ? List.of("--unshallow", "--prune") : List.of("--prune"),
                        List.of("+refs/heads/*:refs/all/heads/*", "+refs/tags/*:refs/all/tags/*")));
    }

    private List<String> fetch(List<String> options, List<String> refspecs) {
        List<String> args =
                new ArrayList<>(List.of("fetch", "--quiet", "--force", "--no-tags", "--no-recurse-submodules"));
        args.addAll(options);
        args.addAll(List.of("--", remote.withoutLogin()));
        args.addAll(refspecs);
        return args;
    }
}
