package dev.jbuild.exporter;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A complete image: every document is here, every layer in the content store.
///
/// @param root the manifest of the one platform, or the index
/// @param attestations manifests of what is told of the images; like images, but not to be run
/// @param documents manifests, configurations and the index, by digest
record AssembledImage(
        Descriptor root,
        List<PlatformImage> platforms,
        List<PlatformImage> attestations,
        Map<Digest, byte[]> documents) {
    AssembledImage {
        platforms = List.copyOf(platforms);
        attestations = List.copyOf(attestations);
        documents = Map.copyOf(documents);
    }

    AssembledImage(Descriptor root, List<PlatformImage> platforms, Map<Digest, byte[]> documents) {
        this(root, platforms, List.of(), documents);
    }

    /// Everything that has a manifest, the images first.
    List<PlatformImage> manifests() {
        return Stream.concat(platforms.stream(), attestations.stream()).toList();
    }

    /// Every blob of the image, once.
    SortedMap<Digest, Descriptor> blobs() {
        SortedMap<Digest, Descriptor> blobs = new TreeMap<>();
        blobs.put(root.digest(), root);
        for (PlatformImage platform : manifests()) {
            blobs.put(platform.manifest().digest(), platform.manifest());
            blobs.put(platform.config().digest(), platform.config());
            platform.layers().forEach(layer -> blobs.put(layer.digest(), layer));
        }
        return blobs;
    }
}
