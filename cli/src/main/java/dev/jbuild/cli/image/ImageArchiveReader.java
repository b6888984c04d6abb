package dev.jbuild.cli.image;

import dev.jbuild.cli.explore.DockerManifest;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.ArchiveFiles;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Digest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads an archive of images in one pass, whatever the order of its files: each is put aside under its own
/// digest, and what they are is said by the index or the manifest that may come last. Only then, and if all of it is
/// good, do the blobs of images go into the content store.
///
/// A file that is named after a digest has to have it.
final class ImageArchiveReader {
    private static final int MOST_ENTRIES = 50_000;
    private static final int MOST_LINKS = 20;
    private static final int BIGGEST_DOCUMENT = 4 << 20;
    private static final int BUFFER = 256 << 10;
    private static final String BLOBS = "blobs/sha256/";
    private static final Set<String> DOCUMENTS = Set.of("index.json", DockerManifest.FILE, "oci-layout");

    private final StagedBlobs content;
    private final Map<String, byte[]> documents = new HashMap<>();
    private final Map<String, Blob> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    /// A file of the archive, put aside or in the content store.
    record Blob(Digest digest, long size) {}

    ImageArchiveReader(LayerStore store) {
        this.content = new StagedBlobs(store);
    }

    /// Reads a tar, which may be compressed.
    void readArchive(InputStream archive) throws IOException {
        try {
            ArchiveFiles.read(archive, MOST_ENTRIES, new ArchiveFiles.Visitor() {
                @Override
                public void file(String path, long size, InputStream in) throws IOException {
                    add(path, size, in);
                }

                @Override
                public void link(String path, String target, boolean symbolic) {
                    int parent = path.lastIndexOf('/');
                    links.put(path, symbolic && parent >= 0 ? path.substring(0, parent + 1) + target : target);
                }
            });
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT
                    || String.valueOf(e.getMessage()).startsWith("file ")) {
                throw e;
            }
            throw new StoreException(
                    e.kind(),
                    "not an archive of images: " + e.getMessage()
                            + "; it has to be a tar, plain or compressed with gzip, zstd, bzip2 or xz",
                    null,
                    e);
        }
    }

    /// Reads a directory with an OCI layout.
    void readLayout(Path layout) throws IOException {
        if (!Files.isRegularFile(layout.resolve("index.json"))) {
            throw new StoreException(
                    StoreException.Kind.MISSING, layout + " holds no OCI image layout: there is no index.json");
        }
        add("index.json", Files.size(layout.resolve("index.json")), layout.resolve("index.json"));
        Path blobs = layout.resolve(BLOBS);
        if (!Files.isDirectory(blobs)) {
            return;
        }
        try (Stream<Path> all = Files.list(blobs)) {
            for (Path blob : all.sorted().toList()) {
                if (Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)) {
                    add(BLOBS + blob.getFileName(), Files.size(blob), blob);
                }
            }
        }
    }

    private void add(String path, long size, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            add(path, size, in);
        }
    }

    private void add(String path, long size, InputStream in) throws IOException {
        if (files.containsKey(path) || documents.containsKey(path)) {
            throw refused("file " + path + " is in the archive twice");
        }
        if (DOCUMENTS.contains(path)) {
            if (size > BIGGEST_DOCUMENT) {
                throw refused("file " + path + " has " + size + " bytes; " + BIGGEST_DOCUMENT + " is the most");
            }
            documents.put(path, in.readAllBytes());
            return;
        }
        Digest expected = digestIn(path);
        if (expected != null && content.known(expected, size)) {
            files.put(path, new Blob(expected, size));
            return;
        }
        try (BlobWriter blob = content.newBlob()) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                blob.out().write(buffer, 0, n);
            }
            if (expected != null && !blob.digest().equals(expected)) {
                throw refused("file " + path + " has the digest " + blob.digest() + ": the archive is damaged");
            }
            files.put(path, new Blob(blob.commit(expected), blob.size()));
        }
    }

    private static @Nullable Digest digestIn(String path) {
        String hex = path.startsWith(BLOBS) ? path.substring(BLOBS.length()) : "";
        if (hex.isEmpty()) {
            return null;
        }
        try {
            return new Digest(hex);
        } catch (IllegalArgumentException e) {
            throw refused("file " + path + " is not named after a sha256 digest");
        }
    }

    /// The images of the archive that was read, which are in the content store from now on.
    ///
    /// @throws StoreException of kind CORRUPT if something is missing or wrong; the archive is then refused,
    /// and nothing of it is in the store
    List<LoadedImage> images() throws IOException {
        byte[] index = documents.get("index.json");
        byte[] manifest = documents.get(DockerManifest.FILE);
        if (index == null && manifest == null) {
            throw refused("there is neither index.json nor manifest.json in it, so it holds no images; 'docker import'"
                    + " archives and plain root file systems need a Dockerfile: FROM scratch, ADD archive.tar /");
        }
        List<LoadedImage> images = index == null
                ? new DockerArchive(this, content).images(manifest == null ? new byte[0] : manifest)
                : new LayoutArchive(content).images(index);
        if (images.isEmpty()) {
            throw refused("it holds no images");
        }
        content.adopt();
        return images;
    }

    /// The file at a path, links followed.
    Blob file(String path) throws IOException {
        String at = cleaned(path);
        Set<String> seen = new HashSet<>();
        while (links.containsKey(at) && !files.containsKey(at)) {
            if (!seen.add(at) || seen.size() > MOST_LINKS) {
                throw refused("the links from file " + path + " lead nowhere");
            }
            at = cleaned(links.getOrDefault(at, ""));
        }
        Blob found = files.get(at);
        if (found == null) {
            throw new FileNotFoundException("the archive lacks the file " + path + ", which its manifest.json names");
        }
        return found;
    }

    private static String cleaned(String path) {
        Path clean = Path.of("/").resolve(path.replace("\0", "")).normalize();
        return clean.toString().substring(1);
    }

    static StoreException refused(String why) {
        return new StoreException(StoreException.Kind.CORRUPT, "the archive is refused: " + why);
    }
}
