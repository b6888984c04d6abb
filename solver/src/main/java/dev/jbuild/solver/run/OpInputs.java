package dev.jbuild.solver.run;

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

    /// A directory that shows an input's files as a process may see them: a root file system, or a build context
    /// without what is ignored, owned by root. Never written to.
    Path directory(int input) throws IOException, InterruptedException;
}
