package dev.jbuild.layerstore.kernel;

/// What the kernel says of a file; of a symbolic link it speaks of the link itself.
///
/// @param mode file type and permission bits, as in `st_mode`
/// @param uid the owner, to be read as unsigned
/// @param gid the group, to be read as unsigned
/// @param dev the file system, as [#device(int, int)] encodes it
/// @param rdev the device that a device file stands for, so encoded too
/// @param blocks the disk space in use, in units of 512 bytes
public record Stat(
        int mode,
        int uid,
        int gid,
        long size,
        long mtimeSeconds,
        int mtimeNanos,
        long ctimeSeconds,
        int ctimeNanos,
        long ino,
        long dev,
        long rdev,
        long nlink,
        long blocks) {
    /// The file type's bits of a mode.
    public static final int TYPE = 0170000;

    public static final int SOCKET = 0140000;
    public static final int SYMBOLIC_LINK = 0120000;
    public static final int REGULAR = 0100000;
    public static final int BLOCK_DEVICE = 0060000;
    public static final int DIRECTORY = 0040000;
    public static final int CHARACTER_DEVICE = 0020000;
    public static final int FIFO = 0010000;

    /// The same file with other owners.
    Stat ownedBy(int newUid, int newGid) {
        return new Stat(
                mode,
                newUid,
                newGid,
                size,
                mtimeSeconds,
                mtimeNanos,
                ctimeSeconds,
                ctimeNanos,
                ino,
                dev,
                rdev,
                nlink,
                blocks);
    }

    /// One of the file type constants.
    public int type() {
        return mode & TYPE;
    }

    /// The permission bits, with set-user-ID, set-group-ID and sticky.
    public int permissions() {
        return mode & 07777;
    }

    public boolean isDirectory() {
        return type() == DIRECTORY;
    }

    public boolean isRegular() {
        return type() == REGULAR;
    }

    public boolean isSymbolicLink() {
        return type() == SYMBOLIC_LINK;
    }

    /// Whether this is how overlay says that a name is removed: a character device 0:0.
    public boolean isWhiteout() {
        return type() == CHARACTER_DEVICE && rdev == 0;
    }

    /// When anything of the file was last changed, in nanoseconds since 1970.
    public long ctime() {
        return ctimeSeconds * 1_000_000_000L + ctimeNanos;
    }

    public int rdevMajor() {
        return (int) ((rdev >>> 8) & 0xfff);
    }

    public int rdevMinor() {
        return (int) ((rdev & 0xff) | ((rdev >>> 12) & 0xfff00));
    }

    /// A device number as `mknod` takes it.
    public static long device(int major, int minor) {
        return (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & 0xfff00L) << 12);
    }
}
