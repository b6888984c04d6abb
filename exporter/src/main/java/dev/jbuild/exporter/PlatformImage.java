package dev.jbuild.exporter;

import dev.jbuild.layerstore.oci.Descriptor;
import java.util.List;

/// An image for one platform, as descriptors.
record PlatformImage(Descriptor manifest, Descriptor config, List<Descriptor> layers) {
    PlatformImage {
        layers = List.copyOf(layers);
    }
}
