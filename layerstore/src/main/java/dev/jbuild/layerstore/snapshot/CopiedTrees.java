package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Root file systems as plain directories, copied together from their layers.
///
/// A copy of a root file system costs as much as it is big (unless the file system shares blocks), so those that were
/// used last are kept: what an instruction changed is just the tree that the next one starts from.
final class CopiedTrees {
    /// Each branch of a build goes on from a tree of its own.
    private static final int MOST_IDLE = 4;

    private static final byte[] HERE = {'.'};

    private final TempArea temp;
    private final Map<List<SnapshotId>, Kept> kept = new LinkedHashMap<>();

    private static final class Kept {
        final Path tree;
        int readers;

        Kept(Path tree) {
            this.tree = tree;
        }
    }

    /// A tree that is being read.
    record Lease(Path tree, List<SnapshotId> layers) {}

    CopiedTrees(TempArea temp) {
        this.temp = temp;
    }

    /// A tree of these layers for somebody who will change it.
    ///
    /// @param directories the layers' directories, the lowest first
    Path take(List<SnapshotId> layers, List<Path> directories) throws IOException {
        synchronized (this) {
            Kept found = kept.get(layers);
            if (found != null && found.readers == 0) {
                kept.remove(layers);
                return found.tree;
            }
        }
        return copy(directories);
    }

    /// Keeps a tree that is just what these layers make.
    void keep(List<SnapshotId> layers, Path tree) throws IOException {
        synchronized (this) {
            if (kept.putIfAbsent(List.copyOf(layers), new Kept(tree)) == null) {
                evict();
                return;
            }
        }
        Kernel.removeTree(tree);
    }

    /// A tree of these layers for somebody who reads it until he gives it back.
    Lease read(List<SnapshotId> layers, List<Path> directories) throws IOException {
        Kept found = reader(layers, null);
        if (found == null) {
            Path copied = copy(directories);
            found = reader(layers, copied);
            if (found == null) {
                throw new IllegalStateException("a tree was not kept");
            }
            if (!found.tree.equals(copied)) {
                // Somebody else copied the same at the same time.
                Kernel.removeTree(copied);
            }
        }
        return new Lease(found.tree, layers);
    }

    private synchronized @Nullable Kept reader(List<SnapshotId> layers, @Nullable Path copied) {
        Kept found = kept.get(layers);
        if (found == null && copied != null) {
            found = new Kept(copied);
            kept.put(List.copyOf(layers), found);
        }
        if (found != null) {
            found.readers++;
        }
        return found;
    }

    void giveBack(Lease lease) throws IOException {
        synchronized (this) {
            Kept found = kept.get(lease.layers());
            if (found != null) {
                found.readers--;
            }
            evict();
        }
    }

    /// Removes the oldest of those that nobody reads.
    private synchronized void evict() throws IOException {
        long idle = kept.values().stream().filter(each -> each.readers == 0).count();
        List<Path> old = new ArrayList<>();
        for (Iterator<Kept> each = kept.values().iterator(); idle > MOST_IDLE && each.hasNext(); ) {
            Kept next = each.next();
            if (next.readers == 0) {
                each.remove();
                old.add(next.tree);
                idle--;
            }
        }
        for (Path tree : old) {
            Kernel.removeTree(tree);
        }
    }

    /// An empty tree, with the root directory that every image has unless it says otherwise.
    Path empty() throws IOException {
        Path tree = temp.newDirectory("tree");
        Kernel.chmod(tree, 0755);
        return tree;
    }

    private Path copy(List<Path> directories) throws IOException {
        Path tree = empty();
        boolean copied = false;
        try (MergedDirectory root = MergedDirectory.root(directories);
                OpenDirectory target = OpenDirectory.open(tree)) {
            children(root, target);
            copied = true;
            return tree;
        } finally {
            if (!copied) {
                Kernel.removeTree(tree);
            }
        }
    }

    /// Hard links are not made anew: under overlay, a write to one name of a lower layer's file is not seen at its
    /// others.
    private static void children(MergedDirectory from, OpenDirectory to) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while copying a root file system");
        }
        for (byte[] name : from.names()) {
            MergedDirectory.Entry entry = from.entry(name);
            if (entry == null) {
                continue;
            }
            Stat stat = entry.stat();
            if (!stat.isDirectory()) {
                FileCopy.copy(entry.in(), name, stat, to);
                continue;
            }
            to.makeDirectory(name, 0700);
            try (MergedDirectory below = from.below(name);
                    OpenDirectory directory = to.directory(name)) {
                children(below, directory);
                FileCopy.describe(entry.in(), name, stat, to);
                directory.setTimes(HERE, stat.mtimeSeconds(), stat.mtimeNanos());
            }
        }
    }
}
