package dev.jbuild.layerstore;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// The store's folders, and the file that says how to read them.
final class StoreFormat {
    private static final String VERSION = "1";
    private static final List<String> FOLDERS =
            List.of("blobs/sha256", "snapshots", "cache", "images", "mounts", "contexts", "locks", "tmp");

    private StoreFormat() {}

    /// Makes the folders of a new store, and checks those of one that is there.
    static void prepare(Path root) {
        Path file = root.resolve("format");
        try {
            if (!isCurrent(file)) {
                create(root, file);
            }
        } catch (IOException e) {
            throw StoreException.of(e, root, "open the store");
        }
    }

    /// Whether there is a store of this format, which is not made if it is not there.
    static boolean isThere(Path root) {
        try {
            return isCurrent(root.resolve("format"));
        } catch (IOException e) {
            throw StoreException.of(e, root, "open the store");
        }
    }

    private static boolean isCurrent(Path file) throws IOException {
        try {
            String version = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (!version.isEmpty() && !version.equals(VERSION)) {
                throw new StoreException(
                        StoreException.Kind.UNSUPPORTED,
                        "the store at " + file.getParent() + " has format " + version + ", and this jbuild knows only "
                                + VERSION + ": use a newer jbuild, or another --root",
                        file,
                        null);
            }
            return !version.isEmpty();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// What the store's layers are marked with, decided when it is first asked.
    static Marks marks(Path root) {
        try {
            return readMarks(root.resolve("marks"));
        } catch (IOException e) {
            throw StoreException.of(e, root, "open the store");
        }
    }

    /// Overlay of one process reads only one of two kinds.
    private static Marks readMarks(Path file) throws IOException {
        String word;
        try {
            word = Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (NoSuchFileException e) {
            try (OpenDirectory root = OpenDirectory.open(Objects.requireNonNull(file.getParent()))) {
                word = Marks.possibleIn(root).name().toLowerCase(Locale.ROOT);
            }
            Path whole = file.resolveSibling("marks-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
            Files.writeString(whole, word + "\n");
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        }
        Marks mine = Marks.ofOverlay();
        return switch (word) {
            case "files" -> Marks.FILES;
            case "trusted" -> {
                if (mine != Marks.TRUSTED) {
                    throw otherMarks(
                            file, "with the rights of the machine's root, which this process lacks (CAP_SYS_ADMIN)");
                }
                yield mine;
            }
            case "user" -> {
                if (mine != Marks.USER) {
                    throw otherMarks(file, "without the rights of the machine's root, which this process has");
                }
                yield mine;
            }
            default ->
                throw new StoreException(
                        StoreException.Kind.CORRUPT,
                        file + " says \"" + word + "\", not trusted, user or files: use another --root",
                        file,
                        null);
        };
    }

    private static StoreException otherMarks(Path file, String how) {
        return new StoreException(
                StoreException.Kind.UNSUPPORTED,
                "the store at " + file.getParent() + " was made " + how
                        + ", so that its layers cannot be read rightly: use another --root",
                file,
                null);
    }

    private static void create(Path root, Path file) throws IOException {
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root);
            // What lies in there may be set-user-ID, or somebody's secret.
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        }
        for (String folder : FOLDERS) {
            Files.createDirectories(root.resolve(folder));
        }
        // Last: whoever finds this file finds the folders too.
        try {
            Files.writeString(file, VERSION + "\n", StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            // Another process came first, or one was killed before it wrote the one line.
            Files.writeString(file, VERSION + "\n");
        }
    }
}
