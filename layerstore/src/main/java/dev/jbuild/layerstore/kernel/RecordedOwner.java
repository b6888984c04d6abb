package dev.jbuild.layerstore.kernel;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Owners of files where there is only one user: in a user namespace that maps a single ID, every file belongs to it.
///
/// There, whom a file is to belong to is kept beside it, in the attribute that other rootless tools use for this, as
/// `uid:gid:mode`. Everything that asks for a file's owner through this package is told what is kept; programs of RUN
/// see files of root. Only files and directories can have the attribute: links, pipes and devices are root's.
final class RecordedOwner {
    static final String ATTRIBUTE = "user.containers.override_stat";

    private static final int MOST = 64;

    private RecordedOwner() {}

    /// Whether owners are kept so in this process.
    static boolean inUse() {
        return UserNamespace.isSingle();
    }

    private static boolean canHave(Stat stat) {
        return stat.isRegular() || stat.isDirectory();
    }

    static byte[] value(int uid, int gid, Stat stat) {
        return (Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid) + ":0"
                        + Integer.toOctalString(stat.permissions()))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// What the kernel says of a file, with the owner that was kept.
    ///
    /// @param call the call that reads an attribute of what `file` stands for
    static Stat applied(Stat stat, Call call, Syscall sys, long file) {
        if (!inUse() || !canHave(stat)) {
            return stat;
        }
        var buffer = sys.allocate(MOST);
        long length = sys.call(call, file, sys.text(ATTRIBUTE), buffer.address(), MOST);
        if (length <= 0) {
            return stat;
        }
        String[] parts = new String(
                        buffer.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
                        StandardCharsets.US_ASCII)
                .split(":", 3);
        Integer uid = parts.length == 3 ? number(parts[0]) : null;
        Integer gid = parts.length == 3 ? number(parts[1]) : null;
        return uid == null || gid == null ? stat : stat.ownedBy(uid, gid);
    }

    private static @Nullable Integer number(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            // Somebody else's, in another form.
            return null;
        }
    }

    static boolean isRecorded(int uid, int gid, @Nullable Stat stat) {
        return stat != null && canHave(stat) && (uid != 0 || gid != 0);
    }
}
