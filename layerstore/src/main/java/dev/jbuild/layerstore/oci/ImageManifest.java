package dev.jbuild.layerstore.oci;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The manifest of one image: its configuration and its layers, lowest first.
///
/// @param artifactType what the manifest holds if it is not an image, for example an attestation
/// @param subject the manifest that this one is about
public record ImageManifest(
        String mediaType,
        Descriptor config,
        List<Descriptor> layers,
        Map<String, String> annotations,
        @Nullable String artifactType,
        @Nullable Descriptor subject) {
    public ImageManifest {
        if (!MediaType.isManifest(mediaType)) {
            throw new IllegalArgumentException("not the media type of a manifest: \"" + mediaType + '"');
        }
        layers = List.copyOf(layers);
        annotations = Map.copyOf(annotations);
    }

    public ImageManifest(String mediaType, Descriptor config, List<Descriptor> layers) {
        this(mediaType, config, layers, Map.of(), null, null);
    }

    public ImageManifest withAnnotations(Map<String, String> newAnnotations) {
        return new ImageManifest(mediaType, config, layers, newAnnotations, artifactType, subject);
    }
}
