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

    /// The bytes of the path of the directory that a file lies in.
    static byte[] parent(String path) {
        int slash = path.lastIndexOf('/');
        return bytes(slash < 0 ? ROOT : path.substring(0, slash));
    }

    /// The bytes of the last name.
    static byte[] name(String path) {
        return bytes(path.substring(path.lastIndexOf('/') + 1));
    }

    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.ISO_8859_1);
    }
}
