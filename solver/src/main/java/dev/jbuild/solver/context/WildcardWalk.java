package dev.jbuild.solver.context;

import dev.jbuild.parser.ignore.PathPattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Finds what a path or pattern names in a tree.
final class WildcardWalk {
    private final Tree tree;

    WildcardWalk(Tree tree) {
        this.tree = tree;
    }

    List<Match> expand(String path, boolean wildcard, boolean allowMissing) throws IOException, InterruptedException {
        List<Match> matches = new ArrayList<>();
        int split = wildcard ? firstWildcard(path) : path.length();
        String base = path.substring(0, split);
        String rest = path.substring(split);
        PathPattern pattern = PathPattern.glob(rest);
        if (pattern.isLiteral()) {
            // Nothing but escapes, if anything: it names one file, which has to be there.
            matches.add(literal(path, base + (rest.isEmpty() ? "" : pattern.literalPrefix())));
            return matches;
        }
        TreeEntry directory = tree.resolve(base, true);
        if (directory != null && directory.stat().isDirectory()) {
            search(directory.name(), "", pattern, matches);
        }
        if (matches.isEmpty() && !allowMissing) {
            throw new SourceNotFoundException(path, tree.name(), ": no file matches the pattern");
        }
        return matches;
    }

    /// Where the first name with a wildcard begins.
    private static int firstWildcard(String path) {
        int start = 0;
        while (start < path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (PathPattern.hasWildcard(path.substring(start, end))) {
                return start;
            }
            start = end + 1;
        }
        return path.length();
    }

    private void search(String directory, String prefix, PathPattern pattern, List<Match> matches)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("while looking for " + pattern);
        }
        for (TreeEntry entry : tree.list(directory)) {
            String below = prefix + entry.name();
            String path = directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
            if (pattern.matches(below)) {
                // What is in a directory that matches is selected with it.
                matches.add(literal("/" + path, path));
            } else if (entry.stat().isDirectory() && pattern.mayMatchBelow(below)) {
                search(path, below + "/", pattern, matches);
            }
        }
    }

    private Match literal(String written, String path) throws IOException {
        TreeEntry file = tree.resolve(path, true);
        if (file == null) {
            throw new SourceNotFoundException(written, tree.name(), tree.whyMissing(path));
        }
        String clean = path.replaceAll("/+$", "");
        return new Match(clean.substring(clean.lastIndexOf('/') + 1), file);
    }
}
