package dev.jbuild.exporter;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The small files of an OCI layout.
final class LayoutIndex {
    /// The whole of the file `oci-layout`.
    static final byte[] VERSION_FILE = "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.US_ASCII);

    // The first is containerd's and holds the whole name, the second is the OCI's and holds the tag.
    private static final String IMAGE_NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String CREATED = "org.opencontainers.image.created";

    private LayoutIndex() {}

    static String blobName(Digest digest) {
        return "blobs/sha256/" + digest.hex();
    }

    /// `index.json` of a layout that holds exactly these images.
    static byte[] of(List<NamedImage> images, @Nullable Instant created) {
        return OciJson.write(new ImageIndex(
                MediaType.OCI_INDEX,
                images.stream()
                        .flatMap(image -> entries(image, created).stream())
                        .toList()));
    }

    /// `index.json` of a layout that holds this image and those it held before, but for any of the same name; an image
    /// without a name takes the place of the one that had none.
    static byte[] merged(ImageIndex before, NamedImage image, @Nullable Instant created) {
        List<Descriptor> entries = new ArrayList<>();
        List<Descriptor> added = entries(image, created);
        for (Descriptor old : before.manifests()) {
            if (added.stream().noneMatch(entry -> sameName(entry, old))) {
                entries.add(old);
            }
        }
        entries.addAll(added);
        return OciJson.write(new ImageIndex(before.mediaType(), entries, before.annotations()));
    }

    private static boolean sameName(Descriptor a, Descriptor b) {
        String name = a.annotations().getOrDefault(IMAGE_NAME, "");
        String other = b.annotations().getOrDefault(IMAGE_NAME, "");
        // Other tools write the tag alone: that is the same image then.
        return (name.equals(other) || name.isEmpty() || other.isEmpty())
                && a.annotations()
                        .getOrDefault(REF_NAME, "")
                        .equals(b.annotations().getOrDefault(REF_NAME, ""));
    }

    // One entry a name, all for the same root.
    private static List<Descriptor> entries(NamedImage image, @Nullable Instant created) {
        Map<String, String> annotations = new TreeMap<>(image.image().root().annotations());
        if (created != null) {
            annotations.put(CREATED, created.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        if (image.names().isEmpty()) {
            return List.of(image.image().root().withAnnotations(annotations));
        }
        List<Descriptor> entries = new ArrayList<>();
        for (String name : image.names()) {
            annotations.put(IMAGE_NAME, name);
            String tag = ImageReference.parse(name).tag();
            annotations.put(REF_NAME, tag == null ? name : tag);
            entries.add(image.image().root().withAnnotations(annotations));
        }
        return entries;
    }
}
