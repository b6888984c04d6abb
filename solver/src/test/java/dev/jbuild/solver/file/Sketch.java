package dev.jbuild.solver.file;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Small trees as text, one file a line: `dir/ 755`, `file 644 content`, `link -> target`, `other = existing` for a
/// hard link, `name p 600` for a fifo.
final class Sketch {
    private Sketch() {}

    /// Makes the files of a sketch. Lines may be separated by semicolons, too; modes may be left out.
    static Path make(Path root, String sketch) {
        try {
            Files.createDirectories(root);
            for (String line : sketch.split("[;\n]")) {
                if (!line.isBlank()) {
                    one(root, line.strip());
                }
            }
            // Last, as a directory may be closed even to its owner.
            for (String line : sketch.split("[;\n]")) {
                String[] words = line.strip().split(" ");
                if (words.length > 1 && words[1].matches("[0-7]{3,4}")) {
                    Kernel.chmod(root.resolve(words[0]), Integer.parseInt(words[1], 8));
                }
            }
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void one(Path root, String line) throws IOException {
        String[] words = line.split(" ", 4);
        Path file = root.resolve(words[0]);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (words[0].endsWith("/")) {
            Files.createDirectories(file);
            Kernel.chmod(file, 0755);
        } else if (words.length == 3 && words[1].equals("->")) {
            Files.createSymbolicLink(file, Path.of(words[2]));
        } else if (words.length == 3 && words[1].equals("=")) {
            Files.createLink(file, root.resolve(words[2]));
        } else if (words.length > 1 && words[1].equals("p")) {
            Kernel.makeNode(file, Stat.FIFO | 0600, 0);
            Kernel.chmod(file, Integer.parseInt(words[2], 8));
        } else {
            boolean mode = words.length > 1 && words[1].matches("[0-7]{3,4}");
            Files.writeString(file, line.replaceFirst(mode ? "^\\S+ \\S+ ?" : "^\\S+ ?", ""));
            Kernel.chmod(file, 0644);
        }
    }

    /// The sketch of a tree, sorted.
    static String of(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> lines = files.filter(file -> !file.equals(root))
                    .map(file -> line(root, file))
                    .sorted()
                    .toList();
            return String.join("\n", lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(Path root, Path file) {
        try {
            String name = root.relativize(file).toString();
            Stat stat = Objects.requireNonNull(Kernel.stat(file));
            String mode = Integer.toOctalString(stat.permissions());
            if (stat.isSymbolicLink()) {
                return name + " -> " + Files.readSymbolicLink(file);
            }
            if (stat.isDirectory()) {
                return name + "/ " + mode;
            }
            if (stat.type() == Stat.FIFO) {
                return name + " p " + mode;
            }
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? (name + " " + mode + " " + Files.readString(file)).strip()
                    : name + " ?";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
