package dev.jbuild.solver.context;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Looks for the regular file of a tree that was changed last.
public final class NewestFile {
    private NewestFile() {}

    /// When it was changed, in whole seconds; null if there is no file.
    public static @Nullable Instant time(Tree tree) throws IOException {
        long newest = Long.MIN_VALUE;
        Deque<String> directories = new ArrayDeque<>();
        directories.push("");
        while (!directories.isEmpty()) {
            String directory = directories.pop();
            for (TreeEntry entry : tree.list(directory)) {
                if (entry.stat().isDirectory()) {
                    directories.push(TreeEntry.join(directory, entry.name()));
                } else if (entry.stat().isRegular()) {
                    newest = Math.max(newest, entry.stat().mtimeSeconds());
                }
            }
        }
        return newest == Long.MIN_VALUE ? null : Instant.ofEpochSecond(newest);
    }
}
