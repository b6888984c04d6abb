package dev.jbuild.cli.image;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import java.util.List;

/// An image that came out of an archive and is complete in the content store.
///
/// @param root its manifest or index
/// @param id what it is called by: the digest of its configuration, or of its index
/// @param names those that the archive gives it
record LoadedImage(Descriptor root, Digest id, List<ImageReference> names) {
    LoadedImage {
        names = List.copyOf(names);
    }
}
