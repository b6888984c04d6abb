package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageReference;

/// What a name stands for in its registry: a manifest or an image index, verified.
public final class Resolved {
    private final ImageReference reference;
    private final Descriptor descriptor;
    private final byte[] bytes;

    Resolved(ImageReference reference, Descriptor descriptor, byte[] bytes) {
        this.reference = reference;
        this.descriptor = descriptor;
        this.bytes = bytes;
    }

    /// The name that was asked for, by the digest that was found.
    public ImageReference reference() {
        return reference;
    }

    /// Its media type is that of a manifest or an index.
    public Descriptor descriptor() {
        return descriptor;
    }

    /// The document as the registry sent it, which is what the digest is of.
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return reference + " (" + descriptor.mediaType() + ")";
    }
}
