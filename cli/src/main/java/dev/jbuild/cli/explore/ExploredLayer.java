package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.oci.Digest;

/// A layer in figures.
///
/// @param size as it is kept, compressed or not
/// @param bytes of the files in it
/// @param wasted how many of these bytes a later layer hides
public record ExploredLayer(Digest digest, long size, long bytes, long wasted, int added, int modified, int removed) {}
