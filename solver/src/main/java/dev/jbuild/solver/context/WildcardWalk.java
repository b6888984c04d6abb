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
        if (base.length() == path.length()) {
            matches.add(literal(path, path));
            return matches;
        }
        PathPattern pattern = pattern(path, path.substring(split));
        if (pattern.isLiteral()) {
            // Nothing but backslashes: it names one file, which has to be there, with these in its name or without.
            boolean asWritten = tree.resolve(path, true) != null;
            matches.add(literal(path, asWritten ? path : base + pattern.literalPrefix()));
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

    private static PathPattern pattern(String path, String rest) throws BadPatternException {
        try {
            return PathPattern.glob(rest);
        } catch (IllegalArgumentException e) {
            throw new BadPatternException("bad pattern \"" + path + "\": " + e.getMessage(), e);
        }
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
            String below = prefix.concat(entry.name());
            String path = TreeEntry.join(directory, entry.name());
            if (pattern.matches(below)) {
                // What is in a directory that matches is selected with it.
                matches.add(literal("/" + path, path));
            } else if (entry.stat().isDirectory() && pattern.mayMatchBelow(below)) {
                search(path, below.concat("/"), pattern, matches);
            }
        }
    }

    private Match literal(String written, String path) throws IOException {
        TreeEntry file = tree.resolve(path, true);
        if (file == null) {
            throw new SourceNotFoundException(written, tree.name(), tree.whyMissing(path));
        }
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return new Match(path.substring(path.lastIndexOf('/', end - 1) + 1, end), file);
    }
}
