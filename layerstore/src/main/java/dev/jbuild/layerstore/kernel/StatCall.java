package dev.jbuild.layerstore.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// `statx`, in its few forms.
final class StatCall {
    private static final int SIZE = 256;
    private static final long BASIC = 0x7ff;
    private static final int BIRTH = 0x800;
    private static final long NOFOLLOW = 0x100;
    private static final long EMPTY_PATH = 0x1000;
    private static final long NO_AUTOMOUNT = 0x800;

    private StatCall() {}

    static Stat ofDescriptor(int fd, String name) throws KernelException {
        try (Syscall sys = new Syscall()) {
            MemorySegment statx = sys.allocate(SIZE);
            OpenDirectory.checked("statx", call(sys, fd, new byte[0], NOFOLLOW | EMPTY_PATH, statx), name);
            return RecordedOwner.applied(read(statx), Call.FGETXATTR, sys, fd);
        }
    }

    /// When the file was made, in nanoseconds since 1970; -1 if its file system does not know.
    static long birth(int fd, String name) throws KernelException {
        try (Syscall sys = new Syscall()) {
            MemorySegment statx = sys.allocate(SIZE);
            long result =
                    sys.call(Call.STATX, fd, sys.text(new byte[0]), NOFOLLOW | EMPTY_PATH, BIRTH, statx.address(), 0);
            OpenDirectory.checked("statx", result, name);
            boolean known = (number(statx, 0) & BIRTH) != 0;
            return known ? Math.addExact(Math.multiplyExact(word(statx, 80), 1_000_000_000L), number(statx, 88)) : -1;
        }
    }

    /// The file at this path, not followed; null if there is none.
    static @Nullable Stat at(byte[] path, Object shown) throws KernelException {
        return at(Syscall.AT_FDCWD, path, shown);
    }

    /// The file of this name in a directory, not followed; null if there is none.
    static @Nullable Stat in(int directory, byte[] name, OpenDirectory shown) throws KernelException {
        return at(directory, name, shown);
    }

    private static @Nullable Stat at(long directory, byte[] name, Object shown) throws KernelException {
        try (Syscall sys = new Syscall()) {
            MemorySegment statx = sys.allocate(SIZE);
            long result = call(sys, directory, name, NOFOLLOW | NO_AUTOMOUNT, statx);
            if (result == -Errno.ENOENT.number() || result == -Errno.ENOTDIR.number()) {
                return null;
            }
            if (result < 0) {
                String path = shown instanceof OpenDirectory in ? in.path(name) : shown.toString();
                throw new KernelException("statx", (int) -result, path);
            }
            Stat stat = read(statx);
            if (!RecordedOwner.inUse()) {
                return stat;
            }
            byte[] reached = shown instanceof OpenDirectory in ? in.reach(name) : name;
            return RecordedOwner.applied(stat, Call.LGETXATTR, sys, sys.text(reached));
        }
    }

    private static long call(Syscall sys, long directory, byte[] name, long flags, MemorySegment statx) {
        return sys.call(Call.STATX, directory, sys.text(name), flags, BASIC, statx.address(), 0);
    }

    private static Stat read(MemorySegment statx) {
        return new Stat(
                Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28)),
                number(statx, 20),
                number(statx, 24),
                word(statx, 40),
                word(statx, 112),
                number(statx, 120),
                word(statx, 96),
                number(statx, 104),
                word(statx, 32),
                Stat.device(number(statx, 136), number(statx, 140)),
                Stat.device(number(statx, 128), number(statx, 132)),
                Integer.toUnsignedLong(number(statx, 16)),
                word(statx, 48));
    }

    private static int number(MemorySegment statx, long offset) {
        return statx.get(ValueLayout.JAVA_INT, offset);
    }

    private static long word(MemorySegment statx, long offset) {
        return statx.get(ValueLayout.JAVA_LONG, offset);
    }
}
