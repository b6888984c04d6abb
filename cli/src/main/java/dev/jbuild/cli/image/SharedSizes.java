package dev.jbuild.cli.image;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How much of an image other images of the store have too, layer by layer.
final class SharedSizes {
    private final List<LocalImage> images;
    private final LayerSizes sizes;
    private @Nullable Map<Digest, Set<Digest>> users;

    SharedSizes(List<LocalImage> images, LayerSizes sizes) {
        this.images = List.copyOf(images);
        this.sizes = sizes;
    }

    /// The bytes in files of layers that an image by another ID has as well.
    long shared(LocalImage.ForPlatform image) {
        long bytes = 0;
        List<Descriptor> layers = image.manifest().layers();
        for (int i = 0; i < layers.size(); i++) {
            if (users().getOrDefault(layers.get(i).digest(), Set.of()).size() > 1) {
                bytes += sizes.estimated(image, i);
            }
        }
        return bytes;
    }

    /// Layers, and the IDs of the images that have them.
    private Map<Digest, Set<Digest>> users() {
        Map<Digest, Set<Digest>> found = users;
        if (found == null) {
            found = new HashMap<>();
            for (LocalImage image : images) {
                for (LocalImage.ForPlatform platform : image.platforms()) {
                    for (Descriptor layer : platform.manifest().layers()) {
                        found.computeIfAbsent(layer.digest(), digest -> new HashSet<>())
                                .add(image.id());
                    }
                }
            }
            users = found;
        }
        return found;
    }
}
