package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.parser.source.Suggestion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Finds what was meant by a path that is not there.
final class NearName {
    private NearName() {}

    /// The end of a sentence that says that there is no such path: what is wrong with it, and what may be meant.
    static String of(Tree tree, String path) throws IOException {
        String existing = "";
        for (String name : path.split("/")) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            String next = existing.isEmpty() ? name : existing + "/" + name;
            TreeEntry found = tree.resolve(next, true);
            if (found == null) {
                return explain(tree, existing, name, next);
            }
            existing = next;
        }
        return "";
    }

    private static String explain(Tree tree, String parent, String name, String path) throws IOException {
        TreeEntry link = tree.resolve(path, false);
        if (link != null && link.stat().isSymbolicLink()) {
            return ": \"/" + path + "\" is a symbolic link to \"" + tree.link(link.name()) + "\", which is not there";
        }
        TreeEntry directory = tree.resolve(parent, true);
        Stat stat = directory == null ? null : directory.stat();
        if (directory == null || stat == null || !stat.isDirectory()) {
            return ": \"/" + parent + "\" is not a directory";
        }
        List<String> names = new ArrayList<>();
        for (TreeEntry entry : tree.list(directory.name())) {
            names.add(entry.name());
        }
        String near = Suggestion.nearest(name, names);
        return near == null ? "" : "; did you mean \"/" + (parent.isEmpty() ? "" : parent + "/") + near + "\"?";
    }
}
