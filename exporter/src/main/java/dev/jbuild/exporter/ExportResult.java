package dev.jbuild.exporter;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.OciJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came out of an export.
///
/// @param outputs in the order in which they were asked for
public record ExportResult(List<Output> outputs) {
    public ExportResult {
        outputs = List.copyOf(outputs);
    }

    static ExportResult of(List<Output> outputs) {
        return new ExportResult(outputs);
    }

    /// What came out of one output.
    ///
    /// @param destination the file or directory it is in; null for others
    /// @param root the manifest or index; null if it is no image
    /// @param configDigest the digest of the image configuration, which Docker calls the image ID; null if it is no
    ///     image, or an index, or is known by its manifest
    /// @param names the image's names, spelled out in full
    public record Output(
            String type,
            @Nullable String destination,
            @Nullable Descriptor root,
            @Nullable Digest configDigest,
            List<String> names) {
        public Output {
            names = List.copyOf(names);
        }

        /// No image.
        static Output of(ExportSpec spec) {
            return new Output(spec.type(), spec.place(), null, null, List.of());
        }

        Output with(Descriptor root, @Nullable Digest configDigest, List<String> names) {
            return new Output(type, destination, root, configDigest, names);
        }

        private List<String> fields() {
            List<String> fields = new ArrayList<>();
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
            return fields;
        }

        private String json() {
            List<String> fields = new ArrayList<>(List.of("\"type\": \"" + type + '"'));
            if (destination != null) {
                fields.add("\"dest\": \""
                        + new String(JsonStringEncoder.getInstance().quoteAsString(destination)) + '"');
            }
            fields.addAll(fields());
            return "{\n      " + String.join(",\n      ", fields) + "\n    }";
        }
    }

    private static final Output NONE = new Output("", null, null, null, List.of());

    /// The first image among the outputs.
    private Output image() {
        return outputs.stream()
                .filter(output -> output.root() != null)
                .findFirst()
                .orElse(NONE);
    }

    /// The first image's manifest or index; null if no output was an image.
    public @Nullable Descriptor root() {
        return image().root();
    }

    /// The digest of the first image's configuration, as its output has it.
    public @Nullable Digest configDigest() {
        return image().configDigest();
    }

    /// The first image's names.
    public List<String> names() {
        return image().names();
    }

    /// What `--iidfile` gets: the digest of the image configuration, of an index its own; empty if there is no image.
    public String imageId() {
        Output image = image();
        return image.configDigest() != null
                ? image.configDigest().toString()
                : image.root() != null ? image.root().digest().toString() : "";
    }

    /// What `--metadata-file` gets: a JSON object with the keys that BuildKit uses, of the first image; if there are
    /// several outputs, then `jbuild.outputs` has them of each.
    ///
    /// @param more fields of others, as `"name": value`
    public String metadata(List<String> more) {
        List<String> fields = new ArrayList<>(more);
        fields.addAll(image().fields());
        if (outputs.size() > 1) {
            fields.add("\"jbuild.outputs\": [\n    "
                    + String.join(",\n    ", outputs.stream().map(Output::json).toList()) + "\n  ]");
        }
        return fields.isEmpty() ? "{}\n" : "{\n  " + String.join(",\n  ", fields) + "\n}\n";
    }
}
