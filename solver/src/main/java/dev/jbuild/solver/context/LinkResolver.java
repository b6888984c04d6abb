package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Follows symbolic links with the tree's root as `/`.
final class LinkResolver {
    /// As many as Linux and Go's `EvalSymlinks` follow, or more.
    private static final int MOST_LINKS = 255;

    private final Tree tree;

    LinkResolver(Tree tree) {
        this.tree = tree;
    }

    @Nullable
    TreeEntry resolve(String path, boolean followLast) throws IOException {
        Deque<String> left = new ArrayDeque<>();
        push(left, path);
        String at = "";
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.pop();
            if (name.equals("..")) {
                at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
                continue;
            }
            String next = TreeEntry.join(at, name);
            Stat stat = tree.stat(next);
            if (stat == null) {
                return null;
            }
            if (stat.isSymbolicLink() && (followLast || !left.isEmpty())) {
                if (++links > MOST_LINKS) {
                    throw new FileSystemLoopException("too many symbolic links in \"" + path + "\" in " + tree.name());
                }
                String target = tree.link(next);
                if (target.startsWith("/")) {
                    at = "";
                }
                push(left, target);
            } else if (!stat.isDirectory() && !left.isEmpty()) {
                return null;
            } else {
                at = next;
            }
        }
        Stat stat = tree.stat(at);
        return stat == null ? null : new TreeEntry(at, stat);
    }

    private static void push(Deque<String> left, String path) {
        String[] names = path.split("/");
        for (int i = names.length - 1; i >= 0; i--) {
            if (!names[i].isEmpty() && !names[i].equals(".")) {
                left.push(names[i]);
            }
        }
    }
}
