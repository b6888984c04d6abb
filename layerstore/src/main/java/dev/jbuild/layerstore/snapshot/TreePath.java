package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.Kernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Paths inside a tree, as text in which every character is one byte of the name.
final class TreePath {
    /// The root directory.
    static final String ROOT = "";

    private TreePath() {}

    static String child(String parent, byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return parent.isEmpty() ? text : parent + "/" + text;
    }

    /// The path of a file in a tree.
    static String below(Path root, Path file) {
        String start = new String(Kernel.pathBytes(root), StandardCharsets.ISO_8859_1);
        String path = new String(Kernel.pathBytes(file), StandardCharsets.ISO_8859_1);
        if (path.equals(start)) {
            return ROOT;
        }
        if (!path.startsWith(start + "/")) {
            throw new IllegalArgumentException(file + " is not in " + root);
        }
        return path.substring(start.length() + 1);
    }

    static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.ISO_8859_1);
    }
}
