package dev.jbuild.solver.context;

import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.ignore.PathPattern;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.FileAction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The files of a tree that one action reads, and what of them matters to it.
///
/// @param path the file or directory, or a pattern for several; absolute
/// @param wildcard whether `path` is a pattern (of Go's `filepath.Match`; with `parents` also `**`)
/// @param allowMissing whether a pattern may match nothing
/// @param parents whether the directories between `pivot` and what matches belong to the selection
/// @param pivot the directory that `path` lies in, if `parents`
/// @param excludes patterns as in .dockerignore, relative to the selected directory; for a file, its own name counts
/// @param keepOwner whether owners matter; not if `--chown` replaces them
/// @param keepMode whether permissions matter; not if `--chmod` replaces them all
public record Selection(
        String path,
        boolean wildcard,
        boolean allowMissing,
        boolean parents,
        String pivot,
        List<String> excludes,
        boolean keepOwner,
        boolean keepMode) {
    public Selection {
        excludes = List.copyOf(excludes);
    }

    /// One file or directory, with everything that matters.
    public static Selection of(String path) {
        return new Selection(path, false, false, false, "/", List.of(), true, true);
    }

    /// What a COPY or ADD reads.
    public static Selection of(FileAction.Copy copy) {
        FileAction.Mode mode = copy.mode();
        // Symbolic permissions begin with those that the file has.
        boolean replaced = mode != null && isOctal(mode.text());
        return new Selection(
                copy.path(),
                copy.wildcard(),
                copy.allowMissing(),
                copy.parents(),
                copy.pivot(),
                copy.excludes(),
                copy.owner() == null,
                !replaced);
    }

    private static boolean isOctal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '7') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// What a mount shows.
    public static Selection of(ExecMount mount) {
        return of(mount.source());
    }

    /// The files and directories that this selects from a tree, in the order of their names.
    ///
    /// @throws SourceNotFoundException if there is none and there must be one
    public List<Match> matches(Tree tree) throws IOException, InterruptedException {
        List<Match> matches = parents ? pivots(tree) : named(tree);
        IgnoreFile filter = filter();
        if (!filter.isEmpty() && !parents) {
            // Patterns are relative to a directory that is selected, and say nothing of the directory itself.
            matches.removeIf(match -> !match.file().stat().isDirectory() && filter.excludes(match.name()));
        }
        return matches;
    }

    private List<Match> named(Tree tree) throws IOException, InterruptedException {
        return new WildcardWalk(tree).expand(path, wildcard, allowMissing);
    }

    private List<Match> pivots(Tree tree) throws IOException, InterruptedException {
        PathPattern wanted = wanted();
        boolean several = PathPattern.hasWildcard(pivot);
        List<Match> matches = new ArrayList<>();
        for (Match match : new WildcardWalk(tree).expand(pivot, several, allowMissing)) {
            boolean holds = !wanted.isLiteral() || SelectionWalk.holds(tree, match, wanted.literalPrefix());
            if (match.file().stat().isDirectory() && holds) {
                matches.add(match);
            }
        }
        if (matches.isEmpty() && wanted.isLiteral() && !several) {
            throw new SourceNotFoundException(path, tree.name(), whyNotBelow(tree, pivot, wanted.literalPrefix()));
        }
        return matches;
    }

    /// Why a path below the pivot is not there, or not to be reached without following a symbolic link.
    private static String whyNotBelow(Tree tree, String pivot, String below) throws IOException {
        String full = pivot + "/" + below;
        TreeEntry top = tree.resolve(pivot, true);
        if (top == null || tree.resolve(full, true) == null) {
            return tree.whyMissing(full);
        }
        if (!top.stat().isDirectory()) {
            return ": \"" + pivot + "\" is not a directory";
        }
        String link = SelectionWalk.linkOnTheWay(tree, top.name(), below);
        return link.isEmpty() ? "" : ": \"/" + link + "\" is a symbolic link, which --parents does not follow";
    }

    /// Shows the files that belong to a match, in the order of their names.
    public void walk(Tree tree, Match match, TreeVisitor visitor) throws IOException, InterruptedException {
        if (parents) {
            SelectionWalk.below(tree, match, wanted(), filter(), visitor);
        } else {
            SelectionWalk.of(tree, match, filter(), visitor);
        }
    }

    /// The pattern of what is selected, relative to the pivot.
    private String belowPivot() {
        String base = pivot.endsWith("/") ? pivot : pivot + "/";
        String rest = path.startsWith(base) ? path.substring(base.length()) : path.equals(pivot) ? "" : path;
        StringBuilder clean = new StringBuilder();
        for (String name : rest.split("/")) {
            if (!name.isEmpty() && !name.equals(".")) {
                clean.append(clean.isEmpty() ? "" : "/").append(name);
            }
        }
        return clean.toString();
    }

    private PathPattern wanted() throws BadPatternException {
        try {
            return PathPattern.recursive(belowPivot());
        } catch (IllegalArgumentException e) {
            throw new BadPatternException("bad pattern \"" + path + "\": " + e.getMessage(), e);
        }
    }

    private IgnoreFile filter() throws BadPatternException {
        try {
            return IgnoreFile.ofPatterns(excludes);
        } catch (IllegalArgumentException e) {
            throw new BadPatternException("--exclude: " + e.getMessage(), e);
        }
    }
}
