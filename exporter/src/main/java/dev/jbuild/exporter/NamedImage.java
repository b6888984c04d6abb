package dev.jbuild.exporter;

import java.util.List;

/// An image and the names it gets where it is written to, spelled out in full.
record NamedImage(AssembledImage image, List<String> names) {
    NamedImage {
        names = List.copyOf(names);
    }
}
