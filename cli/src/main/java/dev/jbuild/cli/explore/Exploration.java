package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.oci.Digest;
import java.util.List;

/// What is inside an image.
///
/// @param name as the user called it
/// @param digest of its index or manifest, or of its configuration where there is neither
/// @param platforms at least one
public record Exploration(String name, Digest digest, List<Analysis> platforms) {
    public Exploration {
        platforms = List.copyOf(platforms);
        if (platforms.isEmpty()) {
            throw new IllegalArgumentException(name + " has no platforms");
        }
    }

    /// The least efficient platform's efficiency.
    public double efficiency() {
        return platforms.stream().mapToDouble(Analysis::efficiency).min().orElse(1);
    }
}
