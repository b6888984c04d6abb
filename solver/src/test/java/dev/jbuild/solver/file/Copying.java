package dev.jbuild.solver.file;

import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.FileAction.Mode;
import dev.jbuild.solver.graph.FileAction.Owner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A COPY or ADD between two directories, as a test would write it: `--chmod=755 --exclude=*.md /src/*.go /app/`.
record Copying(
        String path,
        String to,
        boolean unpack,
        boolean parents,
        @Nullable String owner,
        @Nullable String mode,
        List<String> excludes) {
    static Copying of(String flagsAndPaths) {
        Copying copying = new Copying("", "", false, false, null, null, List.of());
        String[] words = flagsAndPaths.strip().split(" +");
        for (String word : words) {
            copying = copying.with(word);
        }
        return new Copying(
                words[words.length - 2],
                words[words.length - 1],
                copying.unpack,
                copying.parents,
                copying.owner,
                copying.mode,
                copying.excludes);
    }

    private Copying with(String word) {
        String value = word.substring(word.indexOf('=') + 1);
        if (word.startsWith("--exclude=")) {
            List<String> longer = new ArrayList<>(excludes);
            longer.add(value);
            return new Copying(path, to, unpack, parents, owner, mode, longer);
        }
        return new Copying(
                path,
                to,
                unpack || word.equals("--unpack"),
                parents || word.equals("--parents"),
                word.startsWith("--chown=") ? value : owner,
                word.startsWith("--chmod=") ? value : mode,
                excludes);
    }

    FileAction action() {
        boolean wildcard = path.matches(".*[*?\\[\\\\].*");
        int pivot = parents ? path.indexOf("/./") : -1;
        return new FileAction.Copy(
                0,
                pivot < 0
                        ? path
                        : path.substring(0, pivot) + path.substring(pivot + 2).replaceAll("/$", ""),
                to,
                wildcard,
                wildcard,
                unpack,
                parents,
                pivot > 0 ? path.substring(0, pivot) : "/",
                excludes,
                owner == null ? null : Owner.parse(owner),
                mode == null ? null : new Mode(mode));
    }

    void run(Path from, Path root) throws Exception {
        FileActions.apply(root, List.of(action()), input -> new RootTree(from));
    }
}
