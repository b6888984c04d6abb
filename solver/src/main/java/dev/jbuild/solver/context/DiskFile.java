package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads what the kernel says of files, without the native handle: a build whose results are all known needs no other
/// call, and linking the handle would cost it more than this.
final class DiskFile {
    // Named one by one: `unix:*` looks up the names of user and group for every file.
    private static final String ATTRIBUTES = "unix:mode,uid,gid,size,lastModifiedTime,ctime,ino,dev,rdev,nlink";

    private static final long SECOND = 1_000_000_000L;

    private DiskFile() {}

    /// The file at this path, not followed; null if there is none.
    static @Nullable Stat stat(Path path) throws IOException {
        // Where owners are kept beside files, only the kernel's door knows of them.
        return Kernel.hasOneUser() ? Kernel.stat(path) : stat(path, false);
    }

    /// As [#stat(Path)]; said to belong to root if `asRoot`.
    static @Nullable Stat stat(Path path, boolean asRoot) throws IOException {
        Map<String, Object> read;
        try {
            read = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
        FileTime modified = (FileTime) value(read, "lastModifiedTime");
        FileTime changed = (FileTime) value(read, "ctime");
        return new Stat(
                (Integer) value(read, "mode"),
                asRoot ? 0 : (Integer) value(read, "uid"),
                asRoot ? 0 : (Integer) value(read, "gid"),
                (Long) value(read, "size"),
                seconds(modified),
                nanos(modified),
                seconds(changed),
                nanos(changed),
                (Long) value(read, "ino"),
                (Long) value(read, "dev"),
                (Long) value(read, "rdev"),
                (Integer) value(read, "nlink"),
                0);
    }

    private static long seconds(FileTime time) {
        long nanos = time.to(TimeUnit.NANOSECONDS);
        return isFar(nanos) ? time.toInstant().getEpochSecond() : Math.floorDiv(nanos, SECOND);
    }

    @SuppressWarnings("JavaInstantGetSecondsGetNano") // the seconds are asked for by their own method
    private static int nanos(FileTime time) {
        long nanos = time.to(TimeUnit.NANOSECONDS);
        return isFar(nanos) ? time.toInstant().getNano() : (int) Math.floorMod(nanos, SECOND);
    }

    /// Times before 1677 and after 2262 do not fit; all others are cheaper to have this way.
    private static boolean isFar(long nanos) {
        return nanos == Long.MAX_VALUE || nanos == Long.MIN_VALUE;
    }

    private static Object value(Map<String, Object> read, String name) {
        Object value = read.get(name);
        if (value == null) {
            throw new IllegalStateException("this Java platform does not tell a file's " + name);
        }
        return value;
    }
}
