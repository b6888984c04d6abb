package dev.jbuild.layerstore.archive;

/// A layer cannot be applied alone: what it means depends on the layers below it.
///
/// That is so when it has a hard link to a file of a lower layer, or a file in a directory for which it has no
/// entry, so that the directory's owner and mode, or the symbolic link that stands in its place, are known to the
/// lower layers only. Apply it again, in mode [ApplyMode#MERGED], over those layers.
public final class NeedsParentsException extends Exception {
    private static final long serialVersionUID = 1;

    public NeedsParentsException(String message) {
        super(message);
    }
}
