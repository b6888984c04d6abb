package dev.jbuild.layerstore.oci;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a manifest or an index says of a blob: its media type, digest and size in bytes.
///
/// @param urls where else the blob is, if its publisher asks not to push it to registries
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @Nullable Platform platform,
        Map<String, String> annotations,
        List<String> urls) {
    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("size of " + digest + " is negative: " + size);
        }
        annotations = Map.copyOf(annotations);
        urls = List.copyOf(urls);
    }

    public Descriptor(
            String mediaType, Digest digest, long size, @Nullable Platform platform, Map<String, String> annotations) {
        this(mediaType, digest, size, platform, annotations, List.of());
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, null, Map.of());
    }

    public Descriptor withPlatform(Platform newPlatform) {
        return new Descriptor(mediaType, digest, size, newPlatform, annotations, urls);
    }

    public Descriptor withAnnotations(Map<String, String> newAnnotations) {
        return new Descriptor(mediaType, digest, size, platform, newAnnotations, urls);
    }
}
