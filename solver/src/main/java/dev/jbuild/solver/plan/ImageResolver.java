package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.file.Path;

/// Finds base images: from a name to a pinned manifest and its configuration. Layers are not fetched.
public interface ImageResolver {
    /// Resolves an image by name for a platform.
    ///
    /// @throws ImageNotFoundException if there is no such image, or none for this platform
    ResolvedImage resolve(ImageReference reference, Platform platform) throws IOException, InterruptedException;

    /// Resolves an image in an OCI image layout.
    ///
    /// @param reference a tag or digest in the layout, empty for its only image
    /// @throws ImageNotFoundException if there is no such image, or none for this platform
    ResolvedImage resolve(Path layout, String reference, Platform platform) throws IOException, InterruptedException;
}
