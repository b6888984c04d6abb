package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;

/// A snapshot as a blob: what a manifest says of it, and what the image configuration does.
public record LayerBlob(Descriptor descriptor, DiffId diffId) {}
