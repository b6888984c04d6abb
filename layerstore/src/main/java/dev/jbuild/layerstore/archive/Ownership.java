package dev.jbuild.layerstore.archive;

/// Who owns what is unpacked: whom the archive says, or one user and group for all.
public record Ownership(boolean asItIs, int uid, int gid) {
    /// Whom the archive says.
    public static final Ownership AS_IT_IS = new Ownership(true, 0, 0);

    /// Everything belongs to this user and group.
    public static Ownership of(int uid, int gid) {
        return new Ownership(false, uid, gid);
    }
}
