package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// The apparent size of a tree: the bytes of its regular files, each inode once.
final class TreeSize {
    private final Set<Long> linked = new HashSet<>();
    private long bytes;

    private TreeSize() {}

    static long of(Path root) throws KernelException {
        TreeSize size = new TreeSize();
        try (OpenDirectory directory = OpenDirectory.open(root)) {
            size.add(directory);
        }
        return size.bytes;
    }

    private void add(OpenDirectory directory) throws KernelException {
        for (byte[] name : directory.names()) {
            Stat stat = directory.stat(name);
            if (stat == null) {
                continue;
            }
            if (stat.isDirectory()) {
                try (OpenDirectory below = directory.directory(name)) {
                    add(below);
                }
            } else if (stat.isRegular() && (stat.nlink() == 1 || linked.add(stat.ino()))) {
                bytes += stat.size();
            }
        }
    }
}
