package dev.jbuild.solver.cache;

import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.util.List;

/// What a vertex yields: a stack of layers, lowest first.
///
/// @param identity names this result for the keys of what is built on it; equal identities are equal trees
public record Result(String identity, List<SnapshotId> layers) {
    /// `FROM scratch`.
    public static final Result EMPTY = new Result("scratch", List.of());

    public Result {
        layers = List.copyOf(layers);
    }
}
