package dev.jbuild.layerstore.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The door to the kernel: calls on paths. Nothing here follows a symbolic link in the last component of a path,
/// except where it says so; for work inside trees that others wrote, use [OpenDirectory].
///
/// The first call of a process links the native handle, some twenty milliseconds: no caller on a quick path should
/// come here without need.
public final class Kernel {
    private static final long CLONE_NEWNS = 0x20000;
    private static final long PR_SET_SECCOMP = 22;
    private static final long SECCOMP_MODE_FILTER = 2;
    private static final int MOST_LINKS = 255;

    private Kernel() {}

    /// The exact bytes of a path.
    public static byte[] pathBytes(Path path) {
        return PathBytes.of(path);
    }

    /// The file at this path, or null if there is none.
    public static @Nullable Stat stat(Path path) throws KernelException {
        byte[] bytes = PathBytes.of(path);
        return StatCall.at(bytes, path);
    }

    /// Whether this process is in a user namespace, where overlay's marks are `user.overlay.*`, not
    /// `trusted.overlay.*`.
    public static boolean inUserNamespace() {
        return UserNamespace.current();
    }

    /// Whether this process is in a user namespace of one user, where nothing can belong to anybody else and owners of
    /// files are kept beside them.
    public static boolean hasOneUser() {
        return UserNamespace.isSingle();
    }

    /// Whether this process has this capability, in its user namespace.
    public static boolean has(Capability capability) {
        return Capabilities.has(capability);
    }

    /// Whether this process may mount: it is tried, on an empty directory.
    public static boolean mayMount(Path directory) {
        if (!Capabilities.has(Capability.SYS_ADMIN)) {
            return false;
        }
        try {
            Mounts.tmpfs(directory, "size=4k");
            Mounts.detach(directory);
            return true;
        } catch (KernelException e) {
            // A container may have the capability and be kept from using it.
            return false;
        }
    }

    /// Sets owner and group.
    public static void chown(Path path, int uid, int gid) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            parent.chown(name(path), uid, gid);
        }
    }

    /// Sets the permission bits; the path must not be a symbolic link.
    public static void chmod(Path path, int permissions) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            parent.chmod(name(path), permissions);
        }
    }

    /// Sets access and modification time.
    public static void setTimes(Path path, long seconds, int nanos) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            parent.setTimes(name(path), seconds, nanos);
        }
    }

    /// Makes a directory that only its owner may enter.
    static void makeDirectory(Path path) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            parent.makeDirectory(name(path), 0700);
        }
    }

    /// Makes a device, a fifo or a whiteout.
    ///
    /// @param mode a file type of [Stat] and permission bits
    /// @param device as [Stat#device(int, int)] gives it; 0 for a fifo or a whiteout
    public static void makeNode(Path path, int mode, long device) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            parent.makeNode(name(path), mode, device);
        }
    }

    public static List<String> xattrNames(Path path) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            return parent.xattrNames(name(path));
        }
    }

    public static byte @Nullable [] xattr(Path path, String attribute) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            return parent.xattr(name(path), attribute);
        }
    }

    public static void setXattr(Path path, String attribute, byte[] value) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            parent.setXattr(name(path), attribute, value);
        }
    }

    public static void removeXattr(Path path, String attribute) throws KernelException {
        try (OpenDirectory parent = parent(path)) {
            parent.removeXattr(name(path), attribute);
        }
    }

    /// Copies a regular file's content to a new file with these permissions: shared blocks where the file system
    /// can, else a copy in the kernel. Owner, times and attributes are the caller's business.
    public static void copyFile(Path from, Path to, int permissions) throws KernelException {
        try (OpenDirectory fromParent = parent(from);
                OpenDirectory toParent = parent(to);
                OpenFile source = fromParent.read(name(from));
                OpenFile target = toParent.create(name(to), permissions)) {
            target.copyFrom(source);
        }
    }

    /// Removes a file or a whole tree, without following anything. It is no error if there is nothing.
    public static void removeTree(Path path) throws KernelException {
        if (stat(path) != null) {
            try (OpenDirectory parent = parent(path)) {
                parent.removeTree(name(path));
            }
        }
    }

    /// Where a path leads when `root` is the root directory: every symbolic link on the way, the last one too, is
    /// followed inside it, and neither `..` nor an absolute link leaves it. What does not exist is taken as it is
    /// written. The result has no symbolic link below `root`, until somebody makes one.
    ///
    /// @param path with or without a leading slash
    public static Path resolveInRoot(Path root, String path) throws KernelException {
        Deque<byte[]> left = new ArrayDeque<>();
        pushComponents(left, path.getBytes(StandardCharsets.UTF_8));
        List<byte[]> done = new ArrayList<>();
        int links = 0;
        byte[] base = PathBytes.of(root);
        while (!left.isEmpty()) {
            byte[] name = left.pop();
            if (Arrays.equals(name, new byte[] {'.', '.'})) {
                if (!done.isEmpty()) {
                    done.removeLast();
                }
                continue;
            }
            byte[] here = joined(base, done);
            byte @Nullable [] target = linkTarget(PathBytes.toPath(here), name);
            if (target == null) {
                done.add(name);
                continue;
            }
            links++;
            if (links > MOST_LINKS) {
                throw new KernelException("resolve", Errno.ELOOP.number(), root + ": " + path);
            }
            if (target.length > 0 && target[0] == '/') {
                done.clear();
            }
            pushComponents(left, target);
        }
        return PathBytes.toPath(joined(base, done));
    }

    private static byte @Nullable [] linkTarget(Path directory, byte[] name) throws KernelException {
        Stat parent = stat(directory);
        if (parent == null || !parent.isDirectory()) {
            return null;
        }
        try (OpenDirectory open = OpenDirectory.open(directory)) {
            return open.readLink(name);
        } catch (KernelException e) {
            // Asked and answered at once: what was a link when it was looked at may be none when it is read.
            if (e.is(Errno.EINVAL) || e.is(Errno.ENOENT)) {
                return null;
            }
            throw e;
        }
    }

    private static void pushComponents(Deque<byte[]> left, byte[] path) {
        int end = path.length;
        for (int i = path.length - 1; i >= -1; i--) {
            if (i < 0 || path[i] == '/') {
                byte[] name = Arrays.copyOfRange(path, i + 1, end);
                if (name.length > 0 && !(name.length == 1 && name[0] == '.')) {
                    left.push(name);
                }
                end = i;
            }
        }
    }

    private static byte[] joined(byte[] base, List<byte[]> names) {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        path.writeBytes(base);
        for (byte[] name : names) {
            path.write('/');
            path.writeBytes(name);
        }
        return path.toByteArray();
    }

    /// Mounts layers, the lowest first, over one another, read-only.
    public static void mountOverlay(List<Path> lowestFirst, Path target) throws KernelException {
        Overlay.mount(new Overlay.Layers(lowestFirst, null, null), target);
    }

    /// Mounts layers, the lowest first, over one another; what is written goes to `upper`, which then is a
    /// layer itself.
    ///
    /// @param work an empty directory on the file system of `upper`
    public static void mountOverlay(List<Path> lowestFirst, Path upper, Path work, Path target) throws KernelException {
        Overlay.mount(new Overlay.Layers(lowestFirst, upper, work), target);
    }

    /// Shows a file or directory at a second place. In a user namespace, where mounts of the machine may not be looked
    /// behind, what is mounted below it is shown too.
    public static void bindMount(Path source, Path target) throws KernelException {
        Mounts.bind(source, target, UserNamespace.current());
    }

    /// Shows a file or directory at a second place, where it cannot be written.
    public static void bindMountReadOnly(Path source, Path target) throws KernelException {
        Mounts.bindReadOnly(source, target, UserNamespace.current());
    }

    /// What is forbidden where this file lies, in the words of mount(8). A process in another user
    /// namespace that shows the file elsewhere has to forbid it there too.
    public static List<String> restrictions(Path file) throws KernelException {
        return Mounts.restrictions(file);
    }

    /// Makes a directory a mount, unless it is one, in which no device can be opened.
    public static void forbidDevices(Path directory) throws IOException {
        Mounts.withoutDevices(directory);
    }

    /// Puts a system call filter on the calling thread, and on all processes that it starts from now on. It cannot be
    /// taken off again.
    ///
    /// @param program instructions of classic BPF, as the kernel has them in memory
    public static void filterSystemCalls(byte[] program) throws KernelException {
        try (Syscall sys = new Syscall()) {
            MemorySegment filter = sys.allocate(16);
            filter.set(ValueLayout.JAVA_SHORT, 0, (short) (program.length / 8));
            filter.set(ValueLayout.JAVA_LONG, 8, sys.bytes(program));
            long result = sys.call(Call.PRCTL, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter.address(), 0);
            OpenDirectory.checked("prctl", result, "system call filter");
        }
    }

    /// Mounts an empty file system that lies in memory, in which no device can be opened.
    ///
    /// @param options as in `mount -o`, for example `size=64m,mode=1777`
    public static void mountTmpfs(Path target, String options) throws KernelException {
        Mounts.tmpfs(target, options);
    }

    /// Mounts terminals of which nobody else knows, with the file `ptmx` that makes them.
    public static void mountTerminals(Path target) throws KernelException {
        Mounts.terminals(target);
    }

    /// Mounts control groups.
    ///
    /// @param controllers the tree of version 1 that has these, or that of version 2 if empty
    public static void mountControlGroups(Path target, String controllers) throws KernelException {
        Mounts.controlGroups(target, controllers);
    }

    /// Takes a mount away; it fails while something uses it.
    public static void unmount(Path target) throws KernelException {
        Mounts.unmount(target);
    }

    /// Takes a mount out of sight now and away when nothing uses it any more.
    public static void detachMount(Path target) throws KernelException {
        Mounts.detach(target);
    }

    /// [#detachMount(Path)] of everything that is mounted on this directory and below it.
    public static void detachMountsBelow(Path directory) throws IOException {
        Mounts.detachBelow(directory, true);
    }

    /// [#detachMount(Path)] of everything that is mounted below this directory, but not of what is mounted on it.
    public static void detachMountsInside(Path directory) throws IOException {
        Mounts.detachBelow(directory, false);
    }

    /// What is mounted on this directory and below it, deepest first.
    public static List<Path> mountsBelow(Path directory) throws IOException {
        return Mounts.below(directory);
    }

    /// Mounts made in this mount namespace are seen in no other from now on.
    public static void makeMountsPrivate() throws KernelException {
        Mounts.makePrivate();
    }

    /// Gives the calling thread, and the threads and processes that it starts, a mount namespace of their own.
    public static void unshareMounts() throws KernelException {
        try (Syscall sys = new Syscall()) {
            OpenDirectory.checked("unshare", sys.call(Call.UNSHARE, CLONE_NEWNS, 0), "mount namespace");
        }
    }

    /// Writes everything that belongs to the file system of this path to the disk.
    public static void syncFileSystem(Path path) throws KernelException {
        try (OpenDirectory directory = OpenDirectory.open(path);
                Syscall sys = new Syscall()) {
            OpenDirectory.checked("syncfs", sys.call(Call.SYNCFS, directory.descriptor(), 0), path.toString());
        }
    }

    /// Sets the mask of permissions that new files do not get, and returns the old one.
    public static int umask(int mask) {
        try (Syscall sys = new Syscall()) {
            return (int) sys.call(Call.UMASK, mask, 0);
        }
    }

    /// The user that this process acts as, in its user namespace.
    public static int effectiveUser() {
        try (Syscall sys = new Syscall()) {
            return (int) sys.call(Call.GETEUID, 0, 0);
        }
    }

    /// Sends a signal. False if there is no such process.
    public static boolean kill(long pid, int signal) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long result = sys.call(Call.KILL, pid, signal);
            if (result == -Errno.ESRCH.number()) {
                return false;
            }
            OpenDirectory.checked("kill", result, "process " + pid);
            return true;
        }
    }

    /// Ends this process at once: no shutdown hooks, no waiting for threads that are blocked in the kernel.
    /// Flush first.
    public static void exitGroup(int status) {
        try (Syscall sys = new Syscall()) {
            sys.call(Call.EXIT_GROUP, status, 0);
        }
    }

    private static OpenDirectory parent(Path path) throws KernelException {
        Path parent = path.toAbsolutePath().getParent();
        return OpenDirectory.open(parent == null ? Path.of("/") : parent);
    }

    /// The exact bytes of the last name in a path.
    public static byte[] nameOf(Path path) {
        return name(path);
    }

    private static byte[] name(Path path) {
        byte[] bytes = PathBytes.of(path.toAbsolutePath());
        int start = bytes.length;
        while (start > 0 && bytes[start - 1] != '/') {
            start--;
        }
        return start == bytes.length ? new byte[] {'.'} : Arrays.copyOfRange(bytes, start, bytes.length);
    }
}
