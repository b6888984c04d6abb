package dev.jbuild.solver.context;

import java.io.IOException;

/// Sees the files of a selection: each directory before what it holds, names in the order of their bytes.
public interface TreeVisitor {
    /// A directory. What it holds follows, then [#leave].
    ///
    /// @param name where it lies below the destination; empty for the selected directory itself
    /// @param file its path in the tree
    /// @param selected false if it is here only because something below it is
    void enter(String name, TreeEntry file, boolean selected) throws IOException, InterruptedException;

    /// All that the directory holds has been seen.
    void leave(String name, TreeEntry file) throws IOException, InterruptedException;

    /// Anything that is no directory.
    ///
    /// @param name where it lies below the destination; empty if it is itself what was selected
    void file(String name, TreeEntry file) throws IOException, InterruptedException;
}
