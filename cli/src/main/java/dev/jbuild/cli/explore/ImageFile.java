package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.archive.ArchiveDecompressor;
import dev.jbuild.layerstore.archive.TarIndex;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.VerifiedInputStream;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An image that lies in the file system: a directory with an OCI layout, or an archive of one or of `docker save`,
/// compressed or not.
public final class ImageFile implements AutoCloseable {
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String IMAGE_NAME = "io.containerd.image.name";
    private static final String INDEX = "index.json";
    private static final int BUFFER = 256 << 10;

    private final Path path;
    private final Content content;
    private final @Nullable Path temporary;

    /// The files of a layout or an archive.
    @FunctionalInterface
    interface Content {
        Optional<InputStream> open(String name) throws IOException;
    }

    /// What was found.
    ///
    /// @param digest of the index or manifest; of the configuration where there is neither
    public record Found(Digest digest, List<ImageForPlatform> images) {
        public Found {
            images = List.copyOf(images);
        }
    }

    private ImageFile(Path path, Content content, @Nullable Path temporary) {
        this.path = path;
        this.content = content;
        this.temporary = temporary;
    }

    /// Opens a directory or an archive. What is compressed is first unpacked to the folder for temporary files.
    public static ImageFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new ImageFile(path, name -> inDirectory(path, name), null);
        }
        byte[] start;
        try (InputStream in = Files.newInputStream(path)) {
            start = in.readNBytes(ArchiveDecompressor.MAGIC_LENGTH);
        }
        if (!ArchiveDecompressor.isCompressed(start)) {
            return new ImageFile(path, TarIndex.of(path)::open, null);
        }
        Path tar = Files.createTempFile("jbuild-explore-", ".tar");
        try (InputStream in = ArchiveDecompressor.open(new BufferedInputStream(Files.newInputStream(path), BUFFER));
                var out = Files.newOutputStream(tar)) {
            in.transferTo(out);
            return new ImageFile(path, TarIndex.of(tar)::open, tar);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(tar);
            throw e;
        }
    }

    private static Optional<InputStream> inDirectory(Path layout, String name) throws IOException {
        if (name.startsWith("/")
                || name.indexOf('\0') >= 0
                || Path.of(name).normalize().startsWith("..")) {
            return Optional.empty();
        }
        Path file = layout.resolve(name);
        return Files.isRegularFile(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
    }

    /// The image of this name, or the only one.
    ///
    /// @param name a tag or a whole name; empty if there is only one
    public Found find(String name, PlatformChoice choice) throws IOException, InterruptedException, OciFormatException {
        Optional<byte[]> index = document(INDEX, OciJson.MAX_MANIFEST);
        if (index.isPresent()) {
            Descriptor root = choose(OciJson.readIndex(index.get()).manifests(), name);
            return new Found(
                    root.digest(), new ImageFinder(this::blob).images(root, child -> has(child.digest()), choice));
        }
        Optional<byte[]> manifest = document(DockerManifest.FILE, OciJson.MAX_MANIFEST);
        if (manifest.isPresent()) {
            return new DockerArchive(path, content).find(manifest.get(), name, choice);
        }
        throw new StoreException(
                StoreException.Kind.UNSUPPORTED,
                path + " holds no image: it has neither " + INDEX + ", as an OCI layout, nor " + DockerManifest.FILE
                        + ", as what docker save writes");
    }

    private Descriptor choose(List<Descriptor> all, String name) {
        List<Descriptor> found = name.isEmpty()
                ? all
                : all.stream().filter(each -> isCalled(each, name)).toList();
        // One image often has several names.
        if (found.stream().map(Descriptor::digest).distinct().count() == 1) {
            return found.getFirst();
        }
        String there = all.stream().map(ImageFile::called).distinct().collect(Collectors.joining(", "));
        throw noSuchImage(path, name, there);
    }

    static StoreException noSuchImage(Path path, String name, String there) {
        String problem =
                name.isEmpty() ? path + " holds not one image" : path + " holds not one image called \"" + name + '"';
        return new StoreException(
                StoreException.Kind.MISSING,
                problem + (there.isEmpty() ? "" : " but these: " + there + "; choose by " + path + ":NAME"));
    }

    private static String called(Descriptor image) {
        return image.annotations()
                .getOrDefault(
                        REF_NAME,
                        image.annotations()
                                .getOrDefault(IMAGE_NAME, image.digest().toString()));
    }

    private static boolean isCalled(Descriptor image, String name) {
        return name.equals(image.digest().toString())
                || name.equals(image.annotations().get(REF_NAME))
                || name.equals(image.annotations().get(IMAGE_NAME));
    }

    private Optional<byte[]> document(String name, int most) throws IOException, OciFormatException {
        return document(content, name, most);
    }

    static Optional<byte[]> document(Content content, String name, int most) throws IOException, OciFormatException {
        Optional<InputStream> found = content.open(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = found.get()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new OciFormatException(name, "", "it has more than " + most + " bytes", null);
            }
            return Optional.of(bytes);
        }
    }

    private boolean has(Digest blob) throws UncheckedIOException {
        try (InputStream in = content.open("blobs/sha256/" + blob.hex()).orElse(InputStream.nullInputStream())) {
            return in.read() >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream blob(Descriptor blob) throws IOException {
        InputStream in = content.open("blobs/sha256/" + blob.digest().hex())
                .orElseThrow(() -> new StoreException(
                        StoreException.Kind.MISSING, path + " lacks the blob " + blob.digest() + " of its image"));
        return new VerifiedInputStream(in, "blob in " + path, blob.digest(), blob.size());
    }

    @Override
    public void close() throws IOException {
        if (temporary != null) {
            Files.deleteIfExists(temporary);
        }
    }
}
