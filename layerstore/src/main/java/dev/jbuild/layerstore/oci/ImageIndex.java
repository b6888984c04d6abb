package dev.jbuild.layerstore.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An image index: the manifests of one image for several platforms, or whatever an OCI layout holds.
public record ImageIndex(String mediaType, List<Descriptor> manifests, Map<String, String> annotations) {
    public ImageIndex {
        if (!MediaType.isIndex(mediaType)) {
            throw new IllegalArgumentException("not the media type of an image index: \"" + mediaType + '"');
        }
        manifests = List.copyOf(manifests);
        annotations = Map.copyOf(annotations);
    }

    public ImageIndex(String mediaType, List<Descriptor> manifests) {
        this(mediaType, manifests, Map.of());
    }

    /// The manifest for exactly this platform, the first if there are several.
    public Optional<Descriptor> manifestFor(Platform platform) {
        return manifests.stream()
                .filter(manifest -> platform.equals(manifest.platform()))
                .findFirst();
    }
}
