package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import java.util.List;

/// One image, before anything of its layers was read.
///
/// @param digest of its manifest; of its configuration where there is no manifest, in a docker archive
/// @param configDigest of its configuration
public record ImageForPlatform(Digest digest, Digest configDigest, ImageConfig config, List<LayerSource> layers) {
    public ImageForPlatform {
        layers = List.copyOf(layers);
    }

    public Platform platform() {
        return config.platform();
    }
}
