package dev.jbuild.exporter;

import dev.jbuild.layerstore.oci.Descriptor;
import java.util.List;

/// An image for one platform, as descriptors.
///
/// @param places where the instructions of its history stand in a Dockerfile, as far as that is known
record PlatformImage(Descriptor manifest, Descriptor config, List<Descriptor> layers, List<String> places) {
    PlatformImage {
        layers = List.copyOf(layers);
        places = List.copyOf(places);
    }

    PlatformImage(Descriptor manifest, Descriptor config, List<Descriptor> layers) {
        this(manifest, config, layers, List.of());
    }
}
