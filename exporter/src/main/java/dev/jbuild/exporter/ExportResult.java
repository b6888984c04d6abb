package dev.jbuild.exporter;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.OciJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came out of an export; of several images, the first.
///
/// @param root the manifest or index; null if no output was an image
/// @param configDigest the digest of the image configuration, which Docker calls the image ID; null if there is no
/// image
///     or the image is an index
/// @param names the image's names, spelled out in full
public record ExportResult(
        @Nullable Descriptor root, @Nullable Digest configDigest, List<String> names) {
    /// No image.
    static final ExportResult NONE = new ExportResult(null, null, List.of());

    public ExportResult {
        names = List.copyOf(names);
    }

    /// What `--iidfile` gets: the digest of the image configuration, of an index its own; empty if there is no image.
    public String imageId() {
        return configDigest != null
                ? configDigest.toString()
                : root != null ? root.digest().toString() : "";
    }

    /// What `--metadata-file` gets: a JSON object with the keys that BuildKit uses.
    ///
    /// @param more fields of others, as `"name": value`
    public String metadata(List<String> more) {
        List<String> fields = new ArrayList<>(more);
        if (configDigest != null) {
            fields.add("\"containerimage.config.digest\": \"" + configDigest + '"');
        }
        if (root != null) {
            fields.add("\"containerimage.descriptor\": "
                    + new String(OciJson.writeDescriptor(root), StandardCharsets.UTF_8));
            fields.add("\"containerimage.digest\": \"" + root.digest() + '"');
        }
        if (!names.isEmpty()) {
            // Nothing in a normalized name needs escaping.
            fields.add("\"image.name\": \"" + String.join(",", names) + '"');
        }
        return fields.isEmpty() ? "{}\n" : "{\n  " + String.join(",\n  ", fields) + "\n}\n";
    }
}
