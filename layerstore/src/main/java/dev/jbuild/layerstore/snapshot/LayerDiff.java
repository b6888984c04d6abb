package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.FileCopy;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds what was changed in a copy of a root file system, and writes it down as overlay would have: the same files,
/// the directories above them, whiteouts for what is gone and opaque marks for what was made anew.
final class LayerDiff {
    private static final byte[] HERE = {'.'};

    private final TreeState state;
    private final OpenDirectory target;
    private final Marks marks;
    private final Map<Long, String> linked = new HashMap<>();
    private boolean separatedAny;

    private LayerDiff(TreeState state, OpenDirectory target, Marks marks) {
        this.marks = marks;
        this.state = state;
        this.target = target;
    }

    /// Writes the layer into an empty directory.
    ///
    /// The tree is left as these layers and the new one make it: a file with several names becomes several files
    /// there, as it would under a new overlay mount, where a write to one of its names is not seen at the others.
    ///
    /// @return whether there were such files
    /// @param layers those that the tree was made of, the lowest first
    static boolean write(Path tree, TreeState state, List<Path> layers, Path layer, Marks marks)
            throws KernelException, InterruptedIOException {
        try (OpenDirectory root = OpenDirectory.open(tree);
                OpenDirectory target = OpenDirectory.open(layer);
                MergedDirectory below = MergedDirectory.root(layers, marks)) {
            Stat stat = root.stat();
            LayerDiff diff = new LayerDiff(state, target, marks);
            diff.changed(root, stat, TreePath.ROOT, below, new Place(target));
            FileCopy.describe(root, HERE, stat, target);
            return diff.separatedAny;
        }
    }

    /// A directory of the new layer, made when there is something to put into it.
    private static final class Place implements AutoCloseable {
        private final @Nullable Place parent;
        private final byte[] name;
        private @Nullable OpenDirectory made;

        Place(OpenDirectory made) {
            this.parent = null;
            this.name = HERE;
            this.made = made;
        }

        Place(Place parent, byte[] name) {
            this.parent = parent;
            this.name = name;
        }

        OpenDirectory open() throws KernelException {
            OpenDirectory open = made;
            if (open == null) {
                if (parent == null) {
                    throw new IllegalStateException("the root directory is open");
                }
                OpenDirectory above = parent.open();
                above.makeDirectory(name, 0700);
                open = above.directory(name);
                made = open;
            }
            return open;
        }

        boolean isMade() {
            return made != null;
        }

        @Override
        public void close() {
            if (parent != null && made != null) {
                made.close();
            }
        }
    }

    /// A directory that was there before.
    private void changed(OpenDirectory tree, Stat stat, String path, MergedDirectory below, Place place)
            throws KernelException, InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while comparing two trees");
        }
        boolean touched = !state.isUnchanged(path, stat);
        if (touched) {
            place.open();
            for (byte[] name : below.names()) {
                if (tree.stat(name) == null) {
                    marks.makeWhiteout(place.open(), name);
                }
            }
        }
        boolean separated = false;
        for (byte[] name : tree.names()) {
            Stat child = tree.stat(name);
            if (child == null) {
                continue;
            }
            String childPath = TreePath.child(path, name);
            if (child.isDirectory()) {
                try (OpenDirectory directory = tree.directory(name)) {
                    directory(directory, name, child, childPath, below, place);
                }
            } else if (!state.isUnchanged(childPath, child)) {
                separated |= file(tree, name, child, childPath, place);
            }
        }
        if (separated) {
            tree.setTimes(HERE, stat.mtimeSeconds(), stat.mtimeNanos());
        }
    }

    private void directory(
            OpenDirectory directory, byte[] name, Stat stat, String path, MergedDirectory below, Place parent)
            throws KernelException, InterruptedIOException {
        MergedDirectory.Entry old = below.entry(name);
        try (Place place = new Place(parent, name)) {
            if (old != null && old.stat().isDirectory() && state.isSameDirectory(path, directory, stat)) {
                try (MergedDirectory lower = below.below(name)) {
                    changed(directory, stat, path, lower, place);
                }
            } else {
                fresh(directory, stat, path, place);
                if (old != null) {
                    marks.makeOpaque(place.open(), HERE);
                }
            }
            if (place.isMade()) {
                FileCopy.describe(directory, HERE, stat, place.open());
                place.open().setTimes(HERE, stat.mtimeSeconds(), stat.mtimeNanos());
            }
        }
    }

    /// A directory that was not there before, with all that is in it.
    private void fresh(OpenDirectory tree, Stat stat, String path, Place place)
            throws KernelException, InterruptedIOException {
        place.open();
        boolean separated = false;
        for (byte[] name : tree.names()) {
            Stat child = tree.stat(name);
            if (child == null) {
                continue;
            }
            String childPath = TreePath.child(path, name);
            if (child.isDirectory()) {
                try (OpenDirectory directory = tree.directory(name);
                        Place inner = new Place(place, name)) {
                    fresh(directory, child, childPath, inner);
                    FileCopy.describe(directory, HERE, child, inner.open());
                    inner.open().setTimes(HERE, child.mtimeSeconds(), child.mtimeNanos());
                }
            } else {
                separated |= file(tree, name, child, childPath, place);
            }
        }
        if (separated) {
            tree.setTimes(HERE, stat.mtimeSeconds(), stat.mtimeNanos());
        }
    }

    /// @return whether the tree's directory was written to
    private boolean file(OpenDirectory tree, byte[] name, Stat stat, String path, Place place) throws KernelException {
        if (marks.isReserved(stat)) {
            return false;
        }
        String first = stat.nlink() > 1 ? linked.putIfAbsent(stat.ino(), path) : null;
        if (first == null) {
            FileCopy.copy(tree, name, stat, place.open());
            return false;
        }
        separatedAny = true;
        try (OpenDirectory directory = target.resolve(TreePath.parent(first))) {
            place.open().makeHardLink(name, directory, TreePath.name(first));
        }
        tree.unlink(name);
        FileCopy.copy(place.open(), name, stat, tree);
        return true;
    }
}
