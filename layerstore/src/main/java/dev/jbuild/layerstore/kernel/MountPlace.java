package dev.jbuild.layerstore.kernel;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A place to mount on, held open: nobody can put another in its stead. Where others write to a directory on its way, a
/// path could lead elsewhere by the time it is mounted on.
public final class MountPlace implements AutoCloseable {
    private static final long O_CLOEXEC = 02000000;
    private static final long O_PATH = 010000000;
    private static final long RESOLVE_IN_ROOT = 0x10;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long OPEN_TREE_CLONE = 1;
    private static final long MOVE_MOUNT_FROM_DESCRIPTOR = 0x04;
    private static final long MOVE_MOUNT_TO_DESCRIPTOR = 0x40;
    /// So often something may be put in the way of one look-up, each time at the right moment.
    private static final int MOST_ATTEMPTS = 1000;

    private final int fd;
    private final String shown;

    private MountPlace(int fd, String shown) {
        this.fd = fd;
        this.shown = shown;
    }

    /// Opens the place that a path leads to when `root` is the root directory: neither `..` nor a symbolic link leads
    /// out of it. What is missing is made, and so are the directories above it.
    ///
    /// @param target an absolute path
    /// @param isDirectory what is made if it is missing: a directory, or else an empty file
    public static MountPlace open(Path root, String target, boolean isDirectory) throws KernelException {
        String shown = root + target;
        try (OpenDirectory top = OpenDirectory.open(root)) {
            for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
                long found = find(top, target);
                if (found >= 0) {
                    return new MountPlace((int) found, shown);
                }
                if (found == -Errno.ENOENT.number()) {
                    make(top, root, target, isDirectory);
                } else if (found != -Errno.EAGAIN.number()) {
                    throw new KernelException("openat2", (int) -found, shown);
                }
            }
        }
        throw new KernelException("openat2", Errno.EAGAIN.number(), shown, "somebody changes it all the time");
    }

    private static long find(OpenDirectory top, String target) {
        try (Syscall sys = new Syscall()) {
            MemorySegment how = sys.allocate(24);
            how.set(ValueLayout.JAVA_LONG, 0, O_PATH | O_CLOEXEC);
            how.set(ValueLayout.JAVA_LONG, 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
            byte[] path = target.getBytes(StandardCharsets.UTF_8);
            return sys.call(Call.OPENAT2, top.descriptor(), sys.text(path), how.address(), how.byteSize());
        }
    }

    /// Makes what is missing on the way. If somebody puts a link there meanwhile, this stops, and the next look-up
    /// tells where the path leads now.
    private static void make(OpenDirectory top, Path root, String target, boolean isDirectory) throws KernelException {
        OpenDirectory at = top.again();
        try {
            Path way = root.relativize(Kernel.resolveInRoot(root, target));
            int last = way.getNameCount() - 1;
            for (int i = 0; i <= last; i++) {
                byte[] name = Kernel.nameOf(way.getName(i));
                if (i == last && !isDirectory) {
                    at.create(name, 0644).close();
                    return;
                }
                if (at.stat(name) == null) {
                    at.makeDirectory(name, 0755);
                }
                OpenDirectory next = at.directory(name);
                at.close();
                at = next;
            }
        } catch (KernelException e) {
            if (!e.is(Errno.EEXIST) && !e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
                throw e;
            }
        } finally {
            at.close();
        }
    }

    /// Where it is now, as this process sees it.
    public Path path() throws IOException {
        return Files.readSymbolicLink(Path.of(reach()));
    }

    /// Shows a file or directory there too, in which no device can be opened.
    public void bind(Path source, boolean readOnly) throws KernelException {
        boolean recursive = UserNamespace.current();
        try (Syscall sys = new Syscall()) {
            long flags = OPEN_TREE_CLONE | O_CLOEXEC | (recursive ? Mounts.AT_RECURSIVE : 0);
            long tree = sys.call(Call.OPEN_TREE, Syscall.AT_FDCWD, sys.text(PathBytes.of(source)), flags, 0);
            if (tree < 0) {
                throw Mounts.failure("open_tree", (int) -tree, source, "");
            }
            try {
                long none = sys.text("");
                long moved = sys.call(
                        Call.MOVE_MOUNT,
                        tree,
                        none,
                        fd,
                        none,
                        MOVE_MOUNT_FROM_DESCRIPTOR | MOVE_MOUNT_TO_DESCRIPTOR,
                        0);
                if (moved < 0) {
                    throw Mounts.failure("mount", (int) -moved, Path.of(shown), "");
                }
                Mounts.restrictTree(tree, Mounts.MS_NODEV | (readOnly ? Mounts.MS_RDONLY : 0), recursive, shown);
            } finally {
                sys.call(Call.CLOSE, tree, 0);
            }
        }
    }

    /// Mounts an empty file system there that lies in memory, in which no device can be opened.
    ///
    /// @param options as in `mount -o`, for example `size=64m,mode=1777`
    public void tmpfs(String options) throws KernelException {
        Mounts.tmpfs(Path.of(reach()), options, shown);
    }

    private String reach() {
        return "/proc/self/fd/" + fd;
    }

    @Override
    public void close() {
        OpenDirectory.closeDescriptor(fd);
    }

    @Override
    public String toString() {
        return shown;
    }
}
