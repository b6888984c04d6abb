package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what the kernel says of files, without the native handle: a build whose results are all known needs no other
/// call, and linking the handle would cost it more than this.
final class DiskFile {
    // Named one by one: `unix:*` looks up the names of user and group for every file.
    private static final String ATTRIBUTES = "unix:mode,uid,gid,size,lastModifiedTime,ctime,ino,dev,rdev,nlink";

    private DiskFile() {}

    /// The file at this path, not followed; null if there is none.
    static @Nullable Stat stat(Path path) throws IOException {
        Map<String, Object> read;
        try {
            read = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
        Instant modified = time(read, "lastModifiedTime");
        Instant changed = time(read, "ctime");
        return new Stat(
                number(read, "mode").intValue(),
                number(read, "uid").intValue(),
                number(read, "gid").intValue(),
                number(read, "size").longValue(),
                modified.getEpochSecond(),
                modified.getNano(),
                changed.getEpochSecond(),
                changed.getNano(),
                number(read, "ino").longValue(),
                number(read, "dev").longValue(),
                number(read, "rdev").longValue(),
                number(read, "nlink").longValue(),
                0);
    }

    private static Number number(Map<String, Object> read, String name) {
        return (Number) value(read, name);
    }

    private static Instant time(Map<String, Object> read, String name) {
        return ((FileTime) value(read, name)).toInstant();
    }

    private static Object value(Map<String, Object> read, String name) {
        Object value = read.get(name);
        if (value == null) {
            throw new IllegalStateException("this Java platform does not tell a file's " + name);
        }
        return value;
    }
}
