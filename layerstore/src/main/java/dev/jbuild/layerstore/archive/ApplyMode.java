package dev.jbuild.layerstore.archive;

/// What the whiteouts of a layer become when it is applied, and what it may leave to the layers below it.
public enum ApplyMode {
    /// Overlay's own form, for a layer that lies in a directory of its own: 0:0 devices and opaque attributes. A
    /// layer that does not say everything itself is refused with a [NeedsParentsException].
    OVERLAY,
    /// As [#OVERLAY], with nothing below: directories that the layer does not mention are made.
    LOWEST,
    /// What they say is done: the tree below is there, and what they name is removed from it.
    MERGED,
    /// Nothing: they are files like any other, as in an archive that is no layer.
    PLAIN
}
