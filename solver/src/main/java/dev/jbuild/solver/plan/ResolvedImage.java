package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;

/// A base image, pinned.
///
/// @param digest of the manifest
public record ResolvedImage(Digest digest, ImageManifest manifest, ImageConfig config) {}
