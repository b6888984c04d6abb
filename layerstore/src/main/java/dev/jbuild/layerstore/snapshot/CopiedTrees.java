package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Marks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Root file systems as plain directories, copied together from their layers.
///
/// A copy of a root file system costs as much as it is big (unless the file system shares blocks), so those that were
/// used last are kept: what an instruction changed is just the tree that the next one starts from.
final class CopiedTrees {
    /// Each branch of a build goes on from a tree of its own.
    private static final int MOST_IDLE = 4;

    private final TempArea temp;
    private final Marks marks;
    /// The oldest first.
    private final List<Tree> kept = new ArrayList<>();

    /// What became of files with several names.
    enum Links {
        /// There are none: the tree can be read and changed.
        NONE,
        /// They are such files, in a tree that can only be read.
        KEPT,
        /// Each name has a file of its own, in a tree that can only be changed.
        SEPARATED
    }

    /// A tree of these layers.
    static final class Tree {
        private final Path directory;
        private final List<SnapshotId> layers;
        private final Links links;
        private int readers;

        Tree(Path directory, List<SnapshotId> layers, Links links) {
            this.directory = directory;
            this.layers = List.copyOf(layers);
            this.links = links;
        }

        Path directory() {
            return directory;
        }

        Links links() {
            return links;
        }
    }

    CopiedTrees(TempArea temp, Marks marks) {
        this.temp = temp;
        this.marks = marks;
    }

    /// A tree of these layers for somebody who will change it.
    ///
    /// @param directories the layers' directories, the lowest first
    Tree take(List<SnapshotId> layers, List<Path> directories) throws IOException {
        synchronized (this) {
            Optional<Tree> found = find(layers, Links.KEPT).filter(tree -> tree.readers == 0);
            if (found.isPresent()) {
                kept.remove(found.get());
                return found.get();
            }
        }
        return copy(layers, directories, false);
    }

    private Optional<Tree> find(List<SnapshotId> layers, Links not) {
        return kept.stream()
                .filter(tree -> tree.links != not && tree.layers.equals(layers))
                .findFirst();
    }

    /// Keeps a tree that is just what its layers make.
    void keep(Tree tree) throws IOException {
        synchronized (this) {
            kept.add(tree);
        }
        evict();
    }

    /// A tree of these layers for somebody who reads it until he gives it back.
    Tree read(List<SnapshotId> layers, List<Path> directories) throws IOException {
        synchronized (this) {
            Optional<Tree> found = find(layers, Links.SEPARATED);
            if (found.isPresent()) {
                found.get().readers++;
                return found.get();
            }
        }
        Tree copied = copy(layers, directories, true);
        synchronized (this) {
            copied.readers++;
            kept.add(copied);
        }
        return copied;
    }

    void giveBack(Tree tree) throws IOException {
        synchronized (this) {
            tree.readers--;
        }
        evict();
    }

    /// Removes the oldest of those that nobody reads.
    private void evict() throws IOException {
        List<Tree> old = new ArrayList<>();
        synchronized (this) {
            long idle = kept.stream().filter(tree -> tree.readers == 0).count();
            for (Iterator<Tree> each = kept.iterator(); idle > MOST_IDLE && each.hasNext(); ) {
                Tree next = each.next();
                if (next.readers == 0) {
                    each.remove();
                    old.add(next);
                    idle--;
                }
            }
        }
        for (Tree tree : old) {
            Kernel.removeTree(tree.directory);
        }
    }

    private Tree copy(List<SnapshotId> layers, List<Path> directories, boolean forReading) throws IOException {
        Path directory = temp.newDirectory("tree");
        boolean copied = false;
        try {
            Kernel.chmod(directory, 0755);
            boolean links = LayersCopy.write(directories, directory, marks, forReading);
            copied = true;
            return new Tree(directory, layers, !links ? Links.NONE : forReading ? Links.KEPT : Links.SEPARATED);
        } finally {
            if (!copied) {
                Kernel.removeTree(directory);
            }
        }
    }
}
