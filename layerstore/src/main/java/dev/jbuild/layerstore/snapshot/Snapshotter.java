package dev.jbuild.layerstore.snapshot;

/// How the layers of a root file system become one.
public enum Snapshotter {
    /// Mounts wherever they can be made, else copies.
    AUTO,
    /// Overlay mounts: nothing is copied.
    OVERLAY,
    /// A copy of all layers in a plain directory, and after a change the difference between the two. It needs no
    /// privilege and any file system.
    COPY
}
