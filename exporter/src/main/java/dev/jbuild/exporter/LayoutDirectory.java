package dev.jbuild.exporter;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An OCI layout in a directory, to which images are added.
///
/// The file `oci-layout` is written first and locked while an image is added; `index.json` comes last, so that it only
/// ever speaks of blobs that are there.
final class LayoutDirectory {
    // Under the lock there is one writer, so one name will do; what a killed process left is overwritten.
    private static final String PARTIAL = ".jbuild-partial";

    private final Path directory;

    /// @throws ExportException if something else than an OCI layout lies there
    LayoutDirectory(Path directory) throws IOException {
        check(directory);
        this.directory = Files.createDirectories(directory.toAbsolutePath());
    }

    /// Says early what would fail late.
    static void check(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw ExportException.failed(
                    "cannot write an OCI layout to " + directory
                            + ": it is a file; with tar=true (the default) it would" + " be replaced by an archive",
                    directory);
        }
        if (!Files.isWritable(directory)) {
            throw ExportException.failed(
                    "cannot write an OCI layout to " + directory + ": it cannot be written by this user", directory);
        }
        if (Files.exists(directory.resolve("oci-layout"))) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            if (entries.iterator().hasNext()) {
                throw ExportException.failed(
                        "cannot write an OCI layout to " + directory
                                + ": it holds other files; choose an empty or a new directory",
                        directory);
            }
        } catch (IOException e) {
            throw ExportException.of(e, directory);
        }
    }

    void add(NamedImage image, @Nullable Instant created, ContentStore content, ExportListener listener)
            throws IOException {
        try (FileChannel version = FileChannel.open(
                directory.resolve("oci-layout"), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            lock(version);
            if (version.size() == 0) {
                writeFully(version, LayoutIndex.VERSION_FILE);
            }
            ImageIndex before = readIndex();
            addBlobs(image.image(), content, listener);
            place(directory.resolve("index.json"), LayoutIndex.merged(before, image, created));
        }
    }

    private static void lock(FileChannel version) throws IOException {
        try {
            version.lock();
        } catch (FileLockInterruptionException e) {
            throw e;
        } catch (IOException e) {
            // No locks on this file system: then two exports to one layout at a time are the user's care.
        }
    }

    private ImageIndex readIndex() throws IOException {
        Path file = directory.resolve("index.json");
        try {
            return OciJson.readIndex(Files.readAllBytes(file));
        } catch (NoSuchFileException none) {
            return new ImageIndex(MediaType.OCI_INDEX, List.of());
        } catch (OciFormatException e) {
            throw ExportException.failed(
                    "cannot add an image to the OCI layout " + directory + ": its index.json is not valid ("
                            + e.getMessage() + "); choose another directory",
                    file);
        }
    }

    private void addBlobs(AssembledImage image, ContentStore content, ExportListener listener) throws IOException {
        Files.createDirectories(directory.resolve("blobs/sha256"));
        long total = image.blobs().values().stream().mapToLong(Descriptor::size).sum();
        long written = 0;
        for (Descriptor blob : image.blobs().values()) {
            Path target = directory.resolve(LayoutIndex.blobName(blob.digest()));
            byte[] document = image.documents().get(blob.digest());
            if (!isThere(target, blob.size())) {
                if (document != null) {
                    place(target, document);
                } else {
                    place(target, content, blob);
                }
            }
            written += blob.size();
            listener.progress("writing OCI layout", written, total);
        }
    }

    // Blobs get their names when they are complete, so the size tells apart only what a power cut may have left.
    private static boolean isThere(Path target, long size) throws IOException {
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.size(target) == size;
    }

    private void place(Path target, byte[] content) throws IOException {
        place(target, out -> writeFully(out, content));
    }

    private void place(Path target, ContentStore content, Descriptor blob) throws IOException {
        place(target, out -> BlobTransfer.transfer(content, blob, out, bytes -> {}));
    }

    private void place(Path target, Writing writing) throws IOException {
        Path partial = directory.resolve(PARTIAL);
        Files.deleteIfExists(partial);
        try (FileChannel out = FileChannel.open(partial, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            writing.write(out);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write(FileChannel out) throws IOException;
    }

    private static void writeFully(FileChannel out, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }
}
