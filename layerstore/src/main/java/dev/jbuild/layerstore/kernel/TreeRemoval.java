package dev.jbuild.layerstore.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// Removal of everything below a directory, with one open descriptor and no recursion, however deep the tree is.
final class TreeRemoval {
    private TreeRemoval() {}

    @SuppressWarnings("ArrayRecordComponent") // bytes are what it is about; two are never compared
    private record Level(byte[] name, Iterator<byte[]> left) {}

    static void below(OpenDirectory parent, byte[] root) throws KernelException {
        Deque<Level> path = new ArrayDeque<>();
        OpenDirectory here = parent.directory(root);
        try {
            path.push(new Level(root, here.names().iterator()));
            while (true) {
                Level level = path.element();
                if (level.left.hasNext()) {
                    byte[] name = level.left.next();
                    if (here.unlinkUnlessDirectory(name)) {
                        continue;
                    }
                    OpenDirectory below = here.directory(name);
                    here.close();
                    here = below;
                    path.push(new Level(name, here.names().iterator()));
                } else {
                    path.pop();
                    if (path.isEmpty()) {
                        return;
                    }
                    OpenDirectory above = here.parent();
                    here.close();
                    here = above;
                    here.removeDirectory(level.name);
                }
            }
        } finally {
            here.close();
        }
    }
}
