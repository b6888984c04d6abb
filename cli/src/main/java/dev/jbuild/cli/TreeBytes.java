package dev.jbuild.cli;

import dev.jbuild.layerstore.content.StoreException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// The apparent size of a file or of all files below a directory.
final class TreeBytes extends SimpleFileVisitor<Path> {
    private long bytes;

    private TreeBytes() {}

    static long of(Path root) {
        TreeBytes sum = new TreeBytes();
        try {
            Files.walkFileTree(root, sum);
        } catch (IOException e) {
            throw StoreException.of(e, root, "measure what is");
        }
        return sum.bytes;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            bytes += attributes.size();
        }
        return FileVisitResult.CONTINUE;
    }

    /// What vanishes or may not be read while others work here does not count.
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException reason) {
        return FileVisitResult.CONTINUE;
    }
}
