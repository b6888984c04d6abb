package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/// Finds out what kind of document a registry sent for a manifest.
final class ManifestType {
    private ManifestType() {}

    /// The media type, that of a manifest or an index.
    ///
    /// The document's own word counts, since its digest covers it; the header's counts where the document says
    /// nothing, as the older OCI documents do.
    static String of(RegistryClient.Answer answer, byte[] bytes) throws RegistryException {
        Map<?, ?> document;
        try {
            document = LooseJson.object(bytes);
        } catch (IOException e) {
            throw answer.failure(Kind.PROTOCOL, "the manifest is not JSON: " + e.getMessage());
        }
        String inside = LooseJson.text(document, "mediaType");
        String header = answer.reply()
                .header("Content-Type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        boolean first = document.get("schemaVersion") instanceof Number version && version.intValue() == 1;
        if (first || header.equals(MediaType.DOCKER_SCHEMA_1) || header.equals(MediaType.DOCKER_SCHEMA_1_SIGNED)) {
            throw answer.failure(
                    Kind.PROTOCOL,
                    "the image is in Docker's old schema 1 format, which is not supported:"
                            + " push it again with a current tool");
        }
        if (isKnown(inside) && isKnown(header) && !inside.equals(header)) {
            throw answer.failure(Kind.PROTOCOL, "the manifest calls itself " + inside + " but was sent as " + header);
        }
        for (String type : new String[] {inside, header}) {
            if (isKnown(type)) {
                return type;
            }
        }
        if (inside.isEmpty() && document.containsKey("manifests")) {
            return MediaType.OCI_INDEX;
        }
        if (inside.isEmpty() && document.containsKey("layers")) {
            return MediaType.OCI_MANIFEST;
        }
        throw answer.failure(
                Kind.PROTOCOL, "not an image: its media type is \"" + (inside.isEmpty() ? header : inside) + '"');
    }

    private static boolean isKnown(String type) {
        return MediaType.isIndex(type) || MediaType.isManifest(type);
    }
}
