package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.FileCopy;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Copies layers together into one directory.
///
/// What overlay shows of a file with several names cannot be had in one tree: they are one file to who reads, but a
/// write to one name is not seen at the others. So there are trees for reading, with hard links, and trees to be
/// changed, without.
final class LayersCopy {
    private static final byte[] HERE = {'.'};

    private final OpenDirectory target;
    private final boolean forReading;
    private final Map<Long, String> linked = new HashMap<>();
    private boolean links;

    private LayersCopy(OpenDirectory target, boolean forReading) {
        this.target = target;
        this.forReading = forReading;
    }

    /// Copies layers, the lowest first, into an empty directory.
    ///
    /// @return whether there are files with several names
    static boolean write(List<Path> layers, Path tree, Marks marks, boolean forReading) throws IOException {
        try (MergedDirectory root = MergedDirectory.root(layers, marks);
                OpenDirectory target = OpenDirectory.open(tree)) {
            LayersCopy copy = new LayersCopy(target, forReading);
            copy.children(root, target, TreePath.ROOT);
            return copy.links;
        }
    }

    private void children(MergedDirectory from, OpenDirectory to, String path) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while copying a root file system");
        }
        for (byte[] name : from.names()) {
            MergedDirectory.Entry entry = from.entry(name);
            if (entry == null) {
                continue;
            }
            Stat stat = entry.stat();
            String child = TreePath.child(path, name);
            if (!stat.isDirectory()) {
                file(entry, name, child, to);
                continue;
            }
            to.makeDirectory(name, 0700);
            try (MergedDirectory below = from.below(name);
                    OpenDirectory directory = to.directory(name)) {
                children(below, directory, child);
                FileCopy.describe(entry.in(), name, stat, to);
                directory.setTimes(HERE, stat.mtimeSeconds(), stat.mtimeNanos());
            }
        }
    }

    private void file(MergedDirectory.Entry entry, byte[] name, String path, OpenDirectory to) throws KernelException {
        Stat stat = entry.stat();
        // Layers never share a file, so that its number is enough to know it by.
        String first = stat.nlink() > 1 ? linked.putIfAbsent(stat.ino(), path) : null;
        links |= first != null;
        if (first == null || !forReading) {
            FileCopy.copy(entry.in(), name, stat, to);
            return;
        }
        try (OpenDirectory directory = target.resolve(TreePath.parent(first))) {
            to.makeHardLink(name, directory, TreePath.name(first));
        }
    }
}
