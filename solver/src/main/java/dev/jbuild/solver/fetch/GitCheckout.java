package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Op.GitSource.FileTimes;
import dev.jbuild.solver.plan.RemoteSourceException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes the files of a commit, and of its submodules, and makes a layer of them.
final class GitCheckout {
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;

    private final LayerStore store;
    private final GitCommand git;
    private final Path repository;
    private final Op.GitSource source;
    private final GitCommand.Listener listener;

    /// @param repository a bare repository that the commit is in
    GitCheckout(LayerStore store, GitCommand git, Path repository, Op.GitSource source, GitCommand.Listener listener) {
        this.store = store;
        this.git = git;
        this.repository = repository;
        this.source = source;
        this.listener = listener;
    }

    SnapshotId layer() throws IOException, InterruptedException {
        // Of a subdirectory there is no repository to keep.
        boolean keep = source.keepGitDir() && source.subdirectory().isEmpty();
        Path tree = store.newTempDir("git");
        try (ActiveSnapshot active = store.snapshots().prepare(List.of())) {
            if (keep) {
                copyHistory(tree);
            } else {
                borrowHistory(tree);
            }
            git.local(tree, "checkout", "--quiet", "--force", "--detach", source.commit());
            if (source.submodules() && Files.isRegularFile(tree.resolve(".gitmodules"), LinkOption.NOFOLLOW_LINKS)) {
                submodules(tree);
            }
            if (keep) {
                git.local(tree, "reflog", "expire", "--all", "--expire=now");
                Files.deleteIfExists(tree.resolve(".git/FETCH_HEAD"));
            }
            Path root = subdirectory(tree);
            new Tidying(keep, commitTime()).directory(tree);
            move(root, active.path());
            return store.snapshots().commit(active);
        } finally {
            Kernel.removeTree(tree);
        }
    }

    /// A repository of its own, with nothing but this commit.
    private void copyHistory(Path tree) throws IOException, InterruptedException {
        git.local(tree, "init", "--quiet", ".");
        List<String> args = new ArrayList<>(List.of(
                "fetch", "--quiet", "--depth=1", "--no-tags", "--update-head-ok", "--", "file://" + repository));
        args.add(GitFetch.mark(source.commit()));
        if (leadsHere(source.ref())) {
            args.add("+" + source.ref() + ":" + source.ref());
        }
        git.local(tree, args.toArray(String[]::new));
        git.local(tree, "remote", "add", "origin", source.remote().withoutLogin());
    }

    private boolean leadsHere(String ref) throws IOException, InterruptedException {
        if (ref.isEmpty()) {
            return false;
        }
        try {
            List<String> found = git.local(repository, "rev-parse", "--quiet", "--verify", ref + "^{commit}");
            return found.equals(List.of(source.commit()));
        } catch (GitException e) {
            // Another name led to the commit before, and this one was not fetched.
            return false;
        }
    }

    /// A repository that has the objects of the bare one, which costs nothing.
    private void borrowHistory(Path tree) throws IOException, InterruptedException {
        git.local(tree, "init", "--quiet", ".");
        Files.writeString(
                Files.createDirectories(tree.resolve(".git/objects/info")).resolve("alternates"),
                repository.resolve("objects") + "\n");
        // Submodules may be named by their place beside this repository.
        git.local(tree, "remote", "add", "origin", source.remote().withoutLogin());
    }

    private void submodules(Path tree) throws IOException, InterruptedException {
        List<String> args = List.of("submodule", "--quiet", "update", "--init", "--recursive", "--force");
        List<String> shallow = new ArrayList<>(args);
        shallow.add("--depth=1");
        try {
            git.remote(tree, source.remote(), listener, shallow);
        } catch (GitException e) {
            if (!e.mayWorkOtherwise()) {
                throw e;
            }
            git.remote(tree, source.remote(), listener, args);
        }
    }

    private Path subdirectory(Path tree) throws IOException {
        Path root = Kernel.resolveInRoot(tree, source.subdirectory());
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            throw new RemoteSourceException(
                    source.remote() + ": there is no directory \"" + source.subdirectory() + "\" at commit "
                            + source.commit(),
                    null);
        }
        if (!root.equals(tree) && root.startsWith(tree.resolve(".git"))) {
            throw new RemoteSourceException(
                    source.remote() + ": \"" + source.subdirectory() + "\" is no directory of the repository's files",
                    null);
        }
        return root;
    }

    private long commitTime() throws IOException, InterruptedException {
        return source.times() == FileTimes.CHECKOUT ? -1 : commitTime(git, repository, source.commit());
    }

    /// When a commit was made, in seconds.
    static long commitTime(GitCommand git, Path repository, String commit) throws IOException, InterruptedException {
        List<String> lines = git.local(repository, "show", "--no-patch", "--format=%ct", commit);
        try {
            return Long.parseLong(lines.getLast().strip());
        } catch (NumberFormatException e) {
            throw new IOException("commit " + commit + " has no date: " + lines, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            files.forEach(children::add);
        }
        java.nio.file.attribute.FileTime modified = Files.getLastModifiedTime(from);
        for (Path child : children) {
            Files.move(child, to.resolve(from.relativize(child)));
        }
        Files.setLastModifiedTime(to, modified);
    }

    /// Gives files the modes that git knows, whatever mask this process has, and takes away what belongs to git.
    ///
    /// @param keep whether the repository's own `.git` stays, and those of its submodules
    /// @param seconds the time to set, -1 to keep what is there
    private record Tidying(boolean keep, long seconds) {
        void directory(Path directory) throws IOException {
            List<Path> children = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                files.forEach(children::add);
            }
            for (Path child : children) {
                if (child.endsWith(".git")) {
                    if (!keep) {
                        Kernel.removeTree(child);
                    }
                    continue;
                }
                if (Files.isSymbolicLink(child)) {
                    date(child);
                } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    directory(child);
                } else {
                    Stat stat = Kernel.stat(child);
                    Kernel.chmod(child, stat != null && (stat.permissions() & 0100) != 0 ? EXECUTABLE : PLAIN);
                    date(child);
                }
            }
            Kernel.chmod(directory, EXECUTABLE);
            date(directory);
        }

        private void date(Path file) throws IOException {
            if (seconds >= 0) {
                Kernel.setTimes(file, seconds, 0);
            }
        }
    }
}
