package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.context.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads the text of a Dockerfile, wherever it is.
final class DockerfileText {
    private static final int LARGEST = 16 << 20;
    private static final String USUAL = "Dockerfile";
    private static final String LOWER = "dockerfile";

    private DockerfileText() {}

    /// A file on this machine.
    static Source file(Path file, Path directory) throws IOException {
        String name = display(file, directory);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("failed to read dockerfile: " + name + ": "
                    + (Files.exists(file) ? "it is not a file" : "no such file")
                    + "; name another with -f");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return stream(in, name);
        }
    }

    /// The usual file of a directory.
    static Path usual(Path context) {
        Path usual = context.resolve(USUAL);
        Path lower = context.resolve(LOWER);
        return !Files.exists(usual) && Files.exists(lower) ? lower : usual;
    }

    /// A file in a build context that was fetched. Symbolic links are followed inside it only.
    ///
    /// @param path as written, empty for the usual file
    /// @param context how messages name the context
    static Source in(Tree tree, String path, String context) throws IOException {
        String wanted = path.isEmpty() ? USUAL : path;
        TreeEntry found = tree.resolve(wanted, true);
        if (found == null && path.isEmpty()) {
            found = tree.resolve(LOWER, true);
        }
        if (found == null || !found.stat().isRegular()) {
            throw new UsageException("failed to read dockerfile: " + wanted + " in " + context + ": "
                    + (found == null ? "no such file" + tree.whyMissing(wanted) : "it is not a file")
                    + "; name another with -f, as a path in the context");
        }
        try (InputStream in = Files.newInputStream(tree.location(found.name()))) {
            return stream(in, found.name());
        }
    }

    /// All that a stream holds.
    ///
    /// @param name how messages name it
    static Source stream(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new UsageException(name + " is larger than " + LARGEST + " bytes: it cannot be a Dockerfile");
        }
        return new Source(name, new String(bytes, StandardCharsets.UTF_8));
    }

    private static String display(Path file, Path directory) {
        Path base = directory.toAbsolutePath().normalize();
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(base) ? base.relativize(absolute).toString() : absolute.toString();
    }
}
