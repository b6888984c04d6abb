package dev.jbuild.cli.image;

import dev.jbuild.layerstore.oci.DiffId;
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
    private @Nullable Map<DiffId, Set<Digest>> users;

    SharedSizes(List<LocalImage> images, LayerSizes sizes) {
        this.images = List.copyOf(images);
        this.sizes = sizes;
    }

    /// The bytes in files of layers that an image by another ID has as well.
    long shared(LocalImage.ForPlatform image) {
        long bytes = 0;
        // Layers are the same if they are when uncompressed.
        List<DiffId> layers = image.config().diffIds();
        for (int i = 0; i < Math.min(layers.size(), image.manifest().layers().size()); i++) {
            if (users().getOrDefault(layers.get(i), Set.of()).size() > 1) {
                bytes += sizes.estimated(image, i);
            }
        }
        return bytes;
    }

    /// Layers, and the IDs of the images that have them.
    private Map<DiffId, Set<Digest>> users() {
        Map<DiffId, Set<Digest>> found = users;
        if (found == null) {
            found = new HashMap<>();
            for (LocalImage image : images) {
                for (LocalImage.ForPlatform platform : image.platforms()) {
                    for (DiffId layer : platform.config().diffIds()) {
                        found.computeIfAbsent(layer, diffId -> new HashSet<>()).add(image.id());
                    }
                }
            }
            users = found;
        }
        return found;
    }
}
