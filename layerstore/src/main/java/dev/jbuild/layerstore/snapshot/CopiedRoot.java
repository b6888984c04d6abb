package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A copy of a root file system that is being changed.
final class CopiedRoot {
    private final CopiedTrees trees;
    private final List<SnapshotId> layers;
    private final List<Path> directories;
    private final CopiedTrees.Links links;
    private final Marks marks;
    private final Path tree;
    private final TreeState state;
    private boolean separated;

    private CopiedRoot(
            CopiedTrees trees,
            List<SnapshotId> layers,
            List<Path> directories,
            CopiedTrees.Tree tree,
            Marks marks,
            TreeState state) {
        this.trees = trees;
        this.layers = List.copyOf(layers);
        this.directories = List.copyOf(directories);
        this.links = tree.links();
        this.marks = marks;
        this.tree = tree.directory();
        this.state = state;
    }

    /// @param upper an empty directory; it looks as the root directory is to look
    static CopiedRoot of(CopiedTrees trees, List<SnapshotId> layers, List<Path> directories, Path upper, Marks marks)
            throws IOException {
        CopiedTrees.Tree taken = trees.take(layers, directories);
        Path tree = taken.directory();
        Stat stat = Kernel.stat(upper);
        Path scratch = upper.getParent();
        if (stat == null || scratch == null) {
            throw new IllegalStateException("no directory for a layer: " + upper);
        }
        Kernel.chown(tree, stat.uid(), stat.gid());
        Kernel.chmod(tree, stat.permissions());
        for (String attribute : Kernel.xattrNames(tree)) {
            // Under overlay the root directory has those of the topmost layer alone, which is a new one.
            if (attribute.startsWith("user.")) {
                Kernel.removeXattr(tree, attribute);
            }
        }
        return new CopiedRoot(trees, layers, directories, taken, marks, TreeState.of(tree, scratch));
    }

    Path path() {
        return tree;
    }

    /// Writes what was changed as a layer.
    void write(Path layer) throws IOException {
        separated = LayerDiff.write(tree, state, directories, layer, marks);
    }

    /// The tree is now that of its layers and this one.
    void keepWith(SnapshotId layer) throws IOException {
        List<SnapshotId> all = new ArrayList<>(layers);
        all.add(layer);
        trees.keep(new CopiedTrees.Tree(tree, all, separated ? CopiedTrees.Links.SEPARATED : links));
    }

    void discard() throws IOException {
        Kernel.removeTree(tree);
    }

    boolean isUntouched(Path path) throws IOException {
        return state.isUnchanged(relative(path), Kernel.stat(path));
    }

    void acknowledge(Path path) throws IOException {
        Stat stat = Kernel.stat(path);
        if (stat != null) {
            state.acknowledge(relative(path), stat);
        }
    }

    private String relative(Path path) {
        return TreePath.below(tree, path);
    }
}
