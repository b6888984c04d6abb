package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.Platform;
import java.util.List;

/// A base image, pinned.
///
/// @param digest of the manifest
public record ResolvedImage(Digest digest, ImageManifest manifest, ImageConfig config) {
    /// What stands for an image that was not found, where nothing is built and much can be said without it.
    static ResolvedImage unknown(Platform platform) {
        Descriptor nothing = new Descriptor(MediaType.OCI_CONFIG, Digest.of(new byte[0]), 0);
        return new ResolvedImage(
                nothing.digest(),
                new ImageManifest(MediaType.OCI_MANIFEST, nothing, List.of()),
                ImageConfig.empty(platform));
    }

    /// Whether this only stands for an image; a real one has a configuration.
    boolean isUnknown() {
        return manifest.config().size() == 0;
    }
}
