package dev.jbuild.layerstore;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.util.List;

/// What nothing refers to any more.
///
/// @param bytes what its removal sets free, in apparent bytes
public record Garbage(List<SnapshotId> snapshots, List<Digest> blobs, long bytes) {
    public Garbage {
        snapshots = List.copyOf(snapshots);
        blobs = List.copyOf(blobs);
    }
}
