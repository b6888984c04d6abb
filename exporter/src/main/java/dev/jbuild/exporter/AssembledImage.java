package dev.jbuild.exporter;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A complete image: every document is here, every layer in the content store.
///
/// @param root the manifest of the one platform, or the index
/// @param documents manifests, configurations and the index, by digest
record AssembledImage(Descriptor root, List<PlatformImage> platforms, Map<Digest, byte[]> documents) {
    AssembledImage {
        platforms = List.copyOf(platforms);
        documents = Map.copyOf(documents);
    }

    /// Every blob of the image, once.
    SortedMap<Digest, Descriptor> blobs() {
        SortedMap<Digest, Descriptor> blobs = new TreeMap<>();
        blobs.put(root.digest(), root);
        for (PlatformImage platform : platforms) {
            blobs.put(platform.manifest().digest(), platform.manifest());
            blobs.put(platform.config().digest(), platform.config());
            platform.layers().forEach(layer -> blobs.put(layer.digest(), layer));
        }
        return blobs;
    }
}
