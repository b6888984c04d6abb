package dev.jbuild.solver.file;

/// A user and group by their numbers, to be read as unsigned.
record FileOwner(int uid, int gid) {
    static final FileOwner ROOT = new FileOwner(0, 0);

    @Override
    public String toString() {
        return Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
    }
}
