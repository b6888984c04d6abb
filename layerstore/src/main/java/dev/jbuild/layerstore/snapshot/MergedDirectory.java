package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A directory as overlay would show it, found in the layers without mounting them.
final class MergedDirectory implements AutoCloseable {
    private final List<OpenDirectory> highestFirst;
    private final Marks marks;

    /// What has a name in a merged directory: the file of the highest layer that has one.
    record Entry(OpenDirectory in, Stat stat) {}

    private MergedDirectory(List<OpenDirectory> highestFirst, Marks marks) {
        this.marks = marks;
        this.highestFirst = List.copyOf(highestFirst);
    }

    /// The root of these layers, the lowest first.
    static MergedDirectory root(List<Path> lowestFirst, Marks marks) throws KernelException {
        List<OpenDirectory> open = new ArrayList<>();
        try {
            for (Path layer : lowestFirst.reversed()) {
                open.add(OpenDirectory.open(layer));
            }
            return new MergedDirectory(open, marks);
        } catch (KernelException | RuntimeException e) {
            open.forEach(OpenDirectory::close);
            throw e;
        }
    }

    /// What this name stands for, or null.
    @Nullable
    Entry entry(byte[] name) throws KernelException {
        for (OpenDirectory layer : highestFirst) {
            Stat stat = layer.stat(name);
            if (stat != null) {
                return marks.isWhiteout(stat) ? null : new Entry(layer, stat);
            }
        }
        return null;
    }

    /// The names of everything in here, in the order of their bytes.
    List<byte[]> names() throws KernelException {
        Set<byte[]> all = new TreeSet<>(Arrays::compareUnsigned);
        for (OpenDirectory layer : highestFirst) {
            all.addAll(layer.names());
        }
        List<byte[]> names = new ArrayList<>();
        for (byte[] name : all) {
            if (highestFirst.size() == 1 || entry(name) != null) {
                names.add(name);
            }
        }
        return names;
    }

    /// The directory of this name; there must be one.
    MergedDirectory below(byte[] name) throws KernelException {
        List<OpenDirectory> open = new ArrayList<>();
        try {
            for (OpenDirectory layer : highestFirst) {
                Stat stat = layer.stat(name);
                if (stat != null && !stat.isDirectory()) {
                    break;
                }
                if (stat != null) {
                    open.add(layer.directory(name));
                    if (marks.isOpaque(layer, name)) {
                        break;
                    }
                }
            }
            return new MergedDirectory(open, marks);
        } catch (KernelException | RuntimeException e) {
            open.forEach(OpenDirectory::close);
            throw e;
        }
    }

    @Override
    public void close() {
        highestFirst.forEach(OpenDirectory::close);
    }
}
