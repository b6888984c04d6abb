package dev.jbuild.layerstore.kernel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Mounts other than overlay, and what they have in common.
final class Mounts {
    static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    static final long MS_NODEV = 4;
    private static final long MS_NOEXEC = 8;
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final long MS_PRIVATE = 1 << 18;
    static final long AT_RECURSIVE = 0x8000;
    private static final long AT_EMPTY_PATH = 0x1000;
    private static final long MNT_DETACH = 2;
    private static final int STATFS_SIZE = 120;
    private static final int STATFS_FLAGS = 80;
    private static final long UMOUNT_NOFOLLOW = 8;

    private Mounts() {}

    static void bind(Path source, Path target, boolean recursive) throws KernelException {
        mount(PathBytes.of(source), target, null, MS_BIND | (recursive ? MS_REC : 0), null);
    }

    static void bindReadOnly(Path source, Path target, boolean recursive) throws KernelException {
        bind(source, target, recursive);
        restrict(target, MS_RDONLY, recursive);
    }

    /// Makes a directory a mount, unless it is one, in which no device can be opened.
    static void withoutDevices(Path directory) throws IOException {
        if (below(directory).stream().noneMatch(directory.toRealPath()::equals)) {
            bind(directory, directory, false);
        }
        restrict(directory, MS_NODEV, false);
    }

    /// Adds flags to a mount. The kernel takes them only in a second call.
    private static void restrict(Path target, long flags, boolean recursive) throws KernelException {
        restrict(Syscall.AT_FDCWD, PathBytes.of(target), flags, recursive ? AT_RECURSIVE : 0, target.toString());
    }

    /// The same of a mount that is held open, wherever it is.
    static void restrictTree(long tree, long flags, boolean recursive, String shown) throws KernelException {
        restrict(tree, new byte[0], flags, AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), shown);
    }

    private static void restrict(long at, byte[] path, long flags, long how, String shown) throws KernelException {
        try (Syscall sys = new Syscall()) {
            MemorySegment attributes = sys.allocate(32);
            // The attributes' values are those of the flags.
            attributes.set(ValueLayout.JAVA_LONG, 0, flags);
            long result = sys.call(
                    Call.MOUNT_SETATTR, at, sys.text(path), how, attributes.address(), attributes.byteSize(), 0);
            if (result == -Errno.ENOSYS.number()) {
                // Before Linux 5.12. This sets all flags, which in a user namespace may not take any away.
                byte[] place = path.length == 0 ? ("/proc/self/fd/" + at).getBytes(StandardCharsets.US_ASCII) : path;
                mount(null, place, null, MS_BIND | MS_REMOUNT | flags, null, shown);
            } else if (result < 0) {
                throw failure("mount_setattr", (int) -result, Path.of(shown), "");
            }
        }
    }

    static List<String> restrictions(Path file) throws KernelException {
        try (Syscall sys = new Syscall()) {
            MemorySegment statfs = sys.allocate(STATFS_SIZE);
            long result = sys.call(Call.STATFS, sys.text(PathBytes.of(file)), statfs.address());
            if (result < 0) {
                throw failure("statfs", (int) -result, file, "");
            }
            // They have the numbers of the mount flags.
            long flags = statfs.get(ValueLayout.JAVA_LONG, STATFS_FLAGS);
            List<String> words = new ArrayList<>();
            if ((flags & MS_RDONLY) != 0) {
                words.add("ro");
            }
            if ((flags & MS_NOSUID) != 0) {
                words.add("nosuid");
            }
            if ((flags & MS_NODEV) != 0) {
                words.add("nodev");
            }
            if ((flags & MS_NOEXEC) != 0) {
                words.add("noexec");
            }
            return words;
        }
    }

    static void tmpfs(Path target, String options) throws KernelException {
        tmpfs(target, options, target.toString());
    }

    static void tmpfs(Path target, String options, String shown) throws KernelException {
        byte[] source = "tmpfs".getBytes(StandardCharsets.US_ASCII);
        mount(source, PathBytes.of(target), "tmpfs", MS_NOSUID | MS_NODEV, options, shown);
    }

    static void terminals(Path target) throws KernelException {
        byte[] source = "devpts".getBytes(StandardCharsets.US_ASCII);
        mount(source, target, "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
    }

    static void controlGroups(Path target, String controllers) throws KernelException {
        byte[] source = "cgroup".getBytes(StandardCharsets.US_ASCII);
        if (controllers.isEmpty()) {
            mount(source, target, "cgroup2", 0, null);
        } else {
            mount(source, target, "cgroup", 0, controllers);
        }
    }

    static void makePrivate() throws KernelException {
        mount(null, Path.of("/"), null, MS_REC | MS_PRIVATE, null);
    }

    static void mount(
            byte @Nullable [] source, Path target, @Nullable String type, long flags, @Nullable String options)
            throws KernelException {
        mount(source, PathBytes.of(target), type, flags, options, target.toString());
    }

    private static void mount(
            byte @Nullable [] source,
            byte[] target,
            @Nullable String type,
            long flags,
            @Nullable String options,
            String shown)
            throws KernelException {
        try (Syscall sys = new Syscall()) {
            long result = sys.call(
                    Call.MOUNT,
                    source == null ? 0 : sys.text(source),
                    sys.text(target),
                    type == null ? 0 : sys.text(type),
                    flags,
                    options == null ? 0 : sys.text(options),
                    0);
            if (result < 0) {
                throw failure("mount", (int) -result, Path.of(shown), "");
            }
        }
    }

    static void unmount(Path target) throws KernelException {
        unmount(target, UMOUNT_NOFOLLOW);
    }

    static void detach(Path target) throws KernelException {
        unmount(target, UMOUNT_NOFOLLOW | MNT_DETACH);
    }

    private static void unmount(Path target, long flags) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long result = sys.call(Call.UMOUNT2, sys.text(PathBytes.of(target)), flags);
            if (result < 0) {
                throw failure("umount", (int) -result, target, "");
            }
        }
    }

    /// Those on top first, and what lies below them goes with them: in a user namespace it could not be
    /// taken away alone.
    static void detachBelow(Path directory, boolean self) throws IOException {
        Path real = directory.toRealPath();
        List<Path> gone = new ArrayList<>();
        for (Path mount : below(directory).reversed()) {
            boolean went = gone.stream().anyMatch(above -> mount.startsWith(above) && !mount.equals(above));
            if (!went && (self || !mount.equals(real))) {
                detach(mount);
                gone.add(mount);
            }
        }
    }

    /// What is mounted at this path and below it, deepest first, as this process sees it.
    static List<Path> below(Path directory) throws IOException {
        String prefix = new String(PathBytes.of(directory.toRealPath()), StandardCharsets.ISO_8859_1);
        List<Path> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
            String point = unescaped(line.split(" ", 6)[4]);
            if (point.equals(prefix) || point.startsWith(prefix + "/")) {
                found.add(PathBytes.toPath(point.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
        // The kernel lists a mount after the one that it lies on, so that later lines come off first.
        return found.reversed().stream()
                .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                .toList();
    }

    /// Blanks and the like stand as three octal digits in mountinfo.
    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length()) {
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    /// The exception for a mount call, with what the error means for a user who cannot see the call.
    static KernelException failure(String call, int errno, Path target, String kernelSays) {
        String hint = switch (Errno.of(errno)) {
            case EPERM ->
                "this process lacks CAP_SYS_ADMIN in its mount namespace: run jbuild as root, or where"
                        + " user namespaces are allowed";
            case ENODEV -> "this kernel does not have that file system; try modprobe overlay";
            case EBUSY -> "something still uses it";
            case null -> "";
            default -> "";
        };
        String more = kernelSays.isEmpty() ? hint : hint.isEmpty() ? kernelSays : kernelSays + "; " + hint;
        return new KernelException(call, errno, target.toString(), more);
    }

    /// A message that the kernel left in a file system context, without its level letter.
    static String message(Syscall sys, long context) {
        MemorySegment buffer = sys.allocate(1024);
        StringBuilder text = new StringBuilder();
        while (true) {
            long length = sys.call(Call.READ, context, buffer.address(), 1024, 0);
            if (length <= 2) {
                return text.toString();
            }
            String line =
                    new String(buffer.asSlice(2, length - 2).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            text.append(text.isEmpty() ? "" : "; ").append(line.strip());
        }
    }
}
