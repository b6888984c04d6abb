package dev.jbuild.solver.cache;

import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.util.List;

/// What a vertex yields: the layers that it adds to those of its root.
///
/// @param identity names this result, with all it stands on, for the keys of what is built on it; equal identities are
///     equal trees
public record Result(String identity, List<SnapshotId> layers) {
    public Result {
        layers = List.copyOf(layers);
    }
}
