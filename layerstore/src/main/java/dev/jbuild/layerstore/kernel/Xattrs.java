package dev.jbuild.layerstore.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Extended attributes, never through a symbolic link. Values are bytes: a capability is no text.
final class Xattrs {
    private static final int FIRST_SIZE = 1024;
    private static final int LARGEST = 64 << 10;

    private Xattrs() {}

    static List<String> names(byte[] path, OpenDirectory in, byte[] name) throws KernelException {
        byte[] list = read(Call.LLISTXATTR, path, null, in, name);
        if (list == null || list.length == 0) {
            return List.of();
        }
        return Stream.of(new String(list, StandardCharsets.UTF_8).split("\0", -1))
                .filter(attribute -> !attribute.isEmpty() && !isOwner(attribute))
                .sorted()
                .toList();
    }

    /// A file's owner is no attribute to who lists them.
    private static boolean isOwner(String attribute) {
        return RecordedOwner.inUse() && attribute.equals(RecordedOwner.ATTRIBUTE);
    }

    static byte @Nullable [] get(byte[] path, String attribute, OpenDirectory in, byte[] name) throws KernelException {
        return read(Call.LGETXATTR, path, attribute, in, name);
    }

    /// Null if the attribute is not there, or the file system has none.
    private static byte @Nullable [] read(
            Call call, byte[] path, @Nullable String attribute, OpenDirectory in, byte[] name) throws KernelException {
        for (int size = FIRST_SIZE; ; size = LARGEST) {
            try (Syscall sys = new Syscall()) {
                MemorySegment value = sys.allocate(size);
                long result = attribute == null
                        ? sys.call(call, sys.text(path), value.address(), size, 0)
                        : sys.call(call, sys.text(path), sys.text(attribute), value.address(), size);
                if (result >= 0) {
                    return value.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE);
                }
                if (result == -Errno.ERANGE.number() && size < LARGEST) {
                    continue;
                }
                if (result == -Errno.ENODATA.number() || result == -Errno.EOPNOTSUPP.number()) {
                    return null;
                }
                throw new KernelException(call.toString(), (int) -result, in.path(name));
            }
        }
    }

    static void set(byte[] path, String attribute, byte[] value, OpenDirectory in, byte[] name) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long result =
                    sys.call(Call.LSETXATTR, sys.text(path), sys.text(attribute), sys.bytes(value), value.length, 0, 0);
            if (result < 0) {
                throw new KernelException("lsetxattr", (int) -result, in.path(name), attribute);
            }
        }
    }

    static void remove(byte[] path, String attribute, OpenDirectory in, byte[] name) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long result = sys.call(Call.LREMOVEXATTR, sys.text(path), sys.text(attribute), 0, 0);
            if (result < 0 && result != -Errno.ENODATA.number()) {
                throw new KernelException("lremovexattr", (int) -result, in.path(name), attribute);
            }
        }
    }
}
