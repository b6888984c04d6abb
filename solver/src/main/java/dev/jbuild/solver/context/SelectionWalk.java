package dev.jbuild.solver.context;

import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.ignore.PathPattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows a visitor what belongs to a selection. A directory that does not itself belong to it is shown only once
/// something below it turns out to.
final class SelectionWalk {
    private final Tree tree;
    private final IgnoreFile excludes;
    private final @Nullable PathPattern wanted;
    private final TreeVisitor visitor;
    /// Directories on the way that have not been shown, outermost first.
    private final List<Pending> pending = new ArrayList<>();

    private record Pending(String name, TreeEntry file) {}

    private SelectionWalk(Tree tree, IgnoreFile excludes, @Nullable PathPattern wanted, TreeVisitor visitor) {
        this.tree = tree;
        this.excludes = excludes;
        this.wanted = wanted;
        this.visitor = visitor;
    }

    /// A file, or a directory with all that it holds, but for what is excluded.
    static void of(Tree tree, Match match, IgnoreFile excludes, TreeVisitor visitor)
            throws IOException, InterruptedException {
        TreeEntry file = match.file();
        if (!file.stat().isDirectory()) {
            visitor.file("", file);
            return;
        }
        SelectionWalk walk = new SelectionWalk(tree, excludes, null, visitor);
        visitor.enter("", file, true);
        walk.inside("", file.name(), true);
        visitor.leave("", file);
    }

    /// What matches a pattern below a directory, with the directories between.
    static void below(Tree tree, Match pivot, PathPattern wanted, IgnoreFile excludes, TreeVisitor visitor)
            throws IOException, InterruptedException {
        boolean all = wanted.matches("");
        new SelectionWalk(tree, excludes, wanted, visitor)
                .inside("", pivot.file().name(), all);
    }

    /// Whether there is a file at this path below a directory, without any symbolic link on the way.
    static boolean holds(Tree tree, Match directory, String path) throws IOException {
        if (path.isEmpty()) {
            return true;
        }
        String full = TreeEntry.join(directory.file().name(), path);
        TreeEntry found = tree.resolve(full, false);
        return found != null && found.name().equals(full);
    }

    /// The first symbolic link among the directories of a path below a directory; empty if there is none.
    static String linkOnTheWay(Tree tree, String directory, String path) throws IOException {
        String at = directory;
        for (String name : path.split("/")) {
            at = TreeEntry.join(at, name);
            TreeEntry entry = tree.resolve(at, false);
            if (entry != null && entry.stat().isSymbolicLink()) {
                return at;
            }
        }
        return "";
    }

    private void inside(String prefix, String directory, boolean all) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("while walking " + tree.name());
        }
        for (TreeEntry entry : tree.list(directory)) {
            String name = prefix.concat(entry.name());
            TreeEntry file = new TreeEntry(TreeEntry.join(directory, entry.name()), entry.stat());
            boolean matches = all || wanted == null || wanted.matches(name);
            boolean excluded = !excludes.isEmpty() && excludes.excludes(name);
            if (entry.stat().isDirectory()) {
                directory(name, file, matches, excluded);
            } else if (matches && !excluded) {
                showPending();
                visitor.file(name, file);
            }
        }
    }

    private void directory(String name, TreeEntry file, boolean matches, boolean excluded)
            throws IOException, InterruptedException {
        if (excluded && !excludes.mayIncludeBelow(name)) {
            return;
        }
        if (!matches && wanted != null && !wanted.mayMatchBelow(name)) {
            return;
        }
        if (matches && !excluded) {
            showPending();
            visitor.enter(name, file, true);
            inside(name.concat("/"), file.name(), true);
            visitor.leave(name, file);
            return;
        }
        int depth = pending.size();
        pending.add(new Pending(name, file));
        inside(name.concat("/"), file.name(), matches);
        if (pending.size() > depth) {
            pending.removeLast();
        } else {
            visitor.leave(name, file);
        }
    }

    private void showPending() throws IOException, InterruptedException {
        for (Pending directory : pending) {
            visitor.enter(directory.name, directory.file, false);
        }
        pending.clear();
    }
}
