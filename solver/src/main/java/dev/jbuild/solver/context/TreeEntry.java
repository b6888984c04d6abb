package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;

/// A file of a [Tree].
///
/// @param name its name in its directory, or its path in the tree, as whoever hands it out says
public record TreeEntry(String name, Stat stat) {}
