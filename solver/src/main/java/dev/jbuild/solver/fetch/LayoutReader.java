package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.content.VerifiedInputStream;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.solver.plan.ImageNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads a directory that holds an OCI image layout.
final class LayoutReader {
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final long LARGEST_DOCUMENT = 4L << 20;

    private final Path layout;

    LayoutReader(Path layout) {
        this.layout = layout;
    }

    /// The manifest or index that a tag or digest names, or the only one.
    Descriptor root(String reference) throws IOException {
        Path file = layout.resolve("index.json");
        if (!Files.isRegularFile(file)) {
            throw new ImageNotFoundException(layout + " holds no OCI image layout: there is no index.json");
        }
        ImageIndex index = OciJson.readIndex(small(file));
        List<Descriptor> all = index.manifests();
        if (reference.startsWith("sha256:")) {
            Digest digest = Digest.parse(reference);
            return first(
                    all.stream()
                            .filter(manifest -> manifest.digest().equals(digest))
                            .toList(),
                    reference,
                    all);
        }
        if (!reference.isEmpty()) {
            return first(
                    all.stream().filter(manifest -> named(manifest, reference)).toList(), reference, all);
        }
        if (all.size() == 1) {
            return all.getFirst();
        }
        return first(all.stream().filter(manifest -> named(manifest, "latest")).toList(), "latest", all);
    }

    private static boolean named(Descriptor manifest, String reference) {
        @Nullable String name = manifest.annotations().get(REF_NAME);
        return name != null && (name.equals(reference) || name.endsWith(":" + reference));
    }

    private Descriptor first(List<Descriptor> found, String reference, List<Descriptor> all) {
        if (found.isEmpty()) {
            throw new ImageNotFoundException("the OCI image layout " + layout + " has no image \"" + reference
                    + "\"; it has "
                    + all.stream()
                            .map(manifest -> manifest.annotations()
                                    .getOrDefault(REF_NAME, manifest.digest().toString()))
                            .collect(Collectors.joining(", ")));
        }
        return found.getFirst();
    }

    private static byte[] small(Path file) throws IOException {
        if (Files.size(file) > LARGEST_DOCUMENT) {
            throw new ImageNotFoundException(file + " is larger than " + LARGEST_DOCUMENT + " bytes");
        }
        return Files.readAllBytes(file);
    }

    /// A small document, verified.
    byte[] read(Descriptor blob) throws IOException {
        try (InputStream in = open(blob)) {
            return in.readAllBytes();
        }
    }

    /// A blob, verified while it is read.
    InputStream open(Descriptor blob) throws IOException {
        Path file = layout.resolve("blobs/sha256").resolve(blob.digest().hex());
        if (!Files.isRegularFile(file)) {
            throw new ImageNotFoundException("the OCI image layout " + layout + " lacks the blob " + blob.digest());
        }
        return new VerifiedInputStream(Files.newInputStream(file), file.toString(), blob.digest(), blob.size());
    }
}
