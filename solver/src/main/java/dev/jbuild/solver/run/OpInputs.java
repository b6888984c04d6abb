package dev.jbuild.solver.run;

import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.context.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What an operation stands on and reads, as it runs.
public interface OpInputs {
    /// The layers of the root input, lowest first; none for an empty tree.
    List<SnapshotId> rootLayers();

    /// The tree of an input that is read.
    Tree tree(int input) throws IOException, InterruptedException;

    /// A file or directory of an input as a process may see it: in a root file system, or of a build context without
    /// what is ignored, owned by root. Never written to.
    ///
    /// @param path absolute in the input; links are followed inside it
    Path path(int input, String path) throws IOException, InterruptedException;

    /// Hears of the root file system of a process that failed, as the process left it.
    default void failed(ActiveSnapshot active) throws IOException, InterruptedException {}
}
