package dev.jbuild.layerstore.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open directory, by which files are reached by name: nothing that is done here follows a symbolic link of that
/// name, and renaming a parent cannot lead elsewhere. Names are bytes, as they are for the kernel.
public final class OpenDirectory implements AutoCloseable {
    private static final long O_WRONLY = 01;
    private static final long O_CREAT = 0100;
    private static final long O_EXCL = 0200;
    private static final long O_NONBLOCK = 04000;
    private static final long O_CLOEXEC = 02000000;
    // These two differ between x86 and the others.
    private static final long O_DIRECTORY = "amd64".equals(System.getProperty("os.arch")) ? 0200000 : 040000;
    private static final long O_NOFOLLOW = "amd64".equals(System.getProperty("os.arch")) ? 0400000 : 0100000;
    private static final long AT_SYMLINK_NOFOLLOW = 0x100;
    private static final long AT_REMOVEDIR = 0x200;
    private static final long RESOLVE_IN_ROOT = 0x10;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final int ENTRIES_BUFFER = 32 << 10;

    private final int fd;
    private final String shown;
    private boolean open = true;

    private OpenDirectory(int fd, String shown) {
        this.fd = fd;
        this.shown = shown;
    }

    public static OpenDirectory open(Path path) throws KernelException {
        return open(Syscall.AT_FDCWD, PathBytes.of(path), O_DIRECTORY | O_CLOEXEC, path.toString());
    }

    private static OpenDirectory open(long at, byte[] name, long flags, String shown) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long result = sys.call(Call.OPENAT, at, sys.text(name), flags, 0);
            return new OpenDirectory((int) checked("open", result, shown), shown);
        }
    }

    /// A path at which other processes of the same user find it too, as long as it is open, wherever it is mounted.
    public Path place() {
        return Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd")
                .resolve(Integer.toString(descriptor()));
    }

    /// The directory of this name in this one; a symbolic link is an error.
    public OpenDirectory directory(byte[] name) throws KernelException {
        return open(fd, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, path(name));
    }

    /// The directory at this path, with this directory as the root: neither `..` nor an absolute symbolic
    /// link leads out.
    public OpenDirectory resolve(byte[] path) throws KernelException {
        try (Syscall sys = new Syscall()) {
            MemorySegment how = sys.allocate(24);
            how.set(ValueLayout.JAVA_LONG, 0, O_DIRECTORY | O_CLOEXEC);
            how.set(ValueLayout.JAVA_LONG, 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
            String name = path(path);
            long result = sys.call(
                    Call.OPENAT2,
                    fd,
                    sys.text(path.length == 0 ? new byte[] {'.'} : path),
                    how.address(),
                    how.byteSize());
            return new OpenDirectory((int) checked("openat2", result, name), name);
        }
    }

    /// This directory once more, to be closed on its own.
    public OpenDirectory again() throws KernelException {
        return open(fd, new byte[] {'.'}, O_DIRECTORY | O_CLOEXEC, shown);
    }

    /// The directory that this one lies in.
    OpenDirectory parent() throws KernelException {
        return open(fd, new byte[] {'.', '.'}, O_DIRECTORY | O_CLOEXEC, shown + "/..");
    }

    /// The names in this directory, in the order of their bytes, without `.` and `..`.
    public List<byte[]> names() throws KernelException {
        List<byte[]> names = new ArrayList<>();
        try (Syscall sys = new Syscall()) {
            checked("lseek", sys.call(Call.LSEEK, fd, 0, 0, 0), shown);
            MemorySegment entries = sys.allocate(ENTRIES_BUFFER);
            while (true) {
                long length = checked(
                        "getdents64", sys.call(Call.GETDENTS64, fd, entries.address(), ENTRIES_BUFFER, 0), shown);
                if (length == 0) {
                    break;
                }
                for (long at = 0; at < length; ) {
                    long record = Short.toUnsignedInt(entries.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16));
                    addName(names, entries, at + 19);
                    at += record;
                }
            }
        }
        names.sort(Arrays::compareUnsigned);
        return names;
    }

    private static void addName(List<byte[]> names, MemorySegment entries, long start) {
        long end = start;
        while (entries.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        byte[] name = new byte[(int) (end - start)];
        MemorySegment.copy(entries, ValueLayout.JAVA_BYTE, start, name, 0, name.length);
        boolean self = name.length == 1 && name[0] == '.';
        boolean parent = name.length == 2 && name[0] == '.' && name[1] == '.';
        if (!self && !parent) {
            names.add(name);
        }
    }

    public Stat stat() throws KernelException {
        return StatCall.ofDescriptor(fd, shown);
    }

    /// When this directory was made, in nanoseconds since 1970; -1 if its file system does not know.
    public long birth() throws KernelException {
        return StatCall.birth(fd, shown);
    }

    /// The file of this name, or null if there is none.
    public @Nullable Stat stat(byte[] name) throws KernelException {
        return StatCall.in(fd, name, this);
    }

    /// What the symbolic link of this name says.
    public byte[] readLink(byte[] name) throws KernelException {
        int size = 4097;
        try (Syscall sys = new Syscall()) {
            MemorySegment buffer = sys.allocate(size);
            long length =
                    check("readlink", sys.call(Call.READLINKAT, fd, sys.text(name), buffer.address(), size), name);
            return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /// Opens a regular file for reading. (On a fifo this does not wait.)
    public OpenFile read(byte[] name) throws KernelException {
        return file(name, O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    }

    /// Makes a new regular file and opens it for writing.
    public OpenFile create(byte[] name, int permissions) throws KernelException {
        return file(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions);
    }

    private OpenFile file(byte[] name, long flags, int permissions) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long result = sys.call(Call.OPENAT, fd, sys.text(name), flags, permissions);
            return new OpenFile((int) check("open", result, name), this, name);
        }
    }

    public void makeDirectory(byte[] name, int permissions) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check("mkdir", sys.call(Call.MKDIRAT, fd, sys.text(name), permissions, 0), name);
        }
    }

    /// Makes a device, a fifo, or with 0:0 as a character device a whiteout.
    ///
    /// @param mode a file type of [Stat] and permission bits
    public void makeNode(byte[] name, int mode, long device) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check("mknod", sys.call(Call.MKNODAT, fd, sys.text(name), mode, device), name);
        }
    }

    public void makeSymbolicLink(byte[] name, byte[] target) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check("symlink", sys.call(Call.SYMLINKAT, sys.text(target), fd, sys.text(name), 0), name);
        }
    }

    /// Gives a file, which may be in another directory, this name too.
    public void makeHardLink(byte[] name, OpenDirectory existingIn, byte[] existing) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check("link", sys.call(Call.LINKAT, existingIn.fd, sys.text(existing), fd, sys.text(name), 0, 0), name);
        }
    }

    /// Moves a file to another name; whatever had that name is replaced.
    public void rename(byte[] name, OpenDirectory toDirectory, byte[] toName) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check("rename", sys.call(Call.RENAMEAT2, fd, sys.text(name), toDirectory.fd, sys.text(toName), 0, 0), name);
        }
    }

    /// Removes a file that is no directory.
    public void unlink(byte[] name) throws KernelException {
        check("unlink", unlinkat(name, 0), name);
    }

    /// Removes an empty directory.
    public void removeDirectory(byte[] name) throws KernelException {
        check("rmdir", unlinkat(name, AT_REMOVEDIR), name);
    }

    /// Removes a file; false, and nothing done, if it is a directory.
    boolean unlinkUnlessDirectory(byte[] name) throws KernelException {
        long result = unlinkat(name, 0);
        if (result == -Errno.EISDIR.number()) {
            return false;
        }
        if (result != -Errno.ENOENT.number()) {
            check("unlink", result, name);
        }
        return true;
    }

    private long unlinkat(byte[] name, long flags) {
        try (Syscall sys = new Syscall()) {
            return sys.call(Call.UNLINKAT, fd, sys.text(name), flags, 0);
        }
    }

    /// Removes this name and everything below it. It is no error if there is nothing.
    public void removeTree(byte[] name) throws KernelException {
        if (unlinkUnlessDirectory(name)) {
            return;
        }
        TreeRemoval.below(this, name);
        removeDirectory(name);
    }

    /// Sets owner and group. Where all files have to belong to one user, what they are to be is kept beside them.
    public void chown(byte[] name, int uid, int gid) throws KernelException {
        if (RecordedOwner.inUse()) {
            Stat stat = stat(name);
            if (RecordedOwner.isRecorded(uid, gid, stat) && stat != null) {
                setXattr(name, RecordedOwner.ATTRIBUTE, RecordedOwner.value(uid, gid, stat));
            } else if (stat != null && (stat.uid() != 0 || stat.gid() != 0)) {
                removeXattr(name, RecordedOwner.ATTRIBUTE);
            }
            return;
        }
        try (Syscall sys = new Syscall()) {
            check(
                    "chown",
                    sys.call(
                            Call.FCHOWNAT,
                            fd,
                            sys.text(name),
                            Integer.toUnsignedLong(uid),
                            Integer.toUnsignedLong(gid),
                            AT_SYMLINK_NOFOLLOW,
                            0),
                    name);
        }
    }

    /// Sets the permission bits. The file must not be a symbolic link: Linux has no such bits for them, and
    /// would follow.
    public void chmod(byte[] name, int permissions) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check("chmod", sys.call(Call.FCHMODAT, fd, sys.text(name), permissions, 0), name);
        }
        keepOwner(name);
    }

    /// The record of an owner holds the permissions too.
    void keepOwner(byte[] name) throws KernelException {
        Stat stat = RecordedOwner.inUse() ? stat(name) : null;
        if (stat != null && RecordedOwner.isRecorded(stat.uid(), stat.gid(), stat)) {
            setXattr(name, RecordedOwner.ATTRIBUTE, RecordedOwner.value(stat.uid(), stat.gid(), stat));
        }
    }

    /// Sets access and modification time.
    public void setTimes(byte[] name, long seconds, int nanos) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long times = times(sys, seconds, nanos);
            check("utimensat", sys.call(Call.UTIMENSAT, fd, sys.text(name), times, AT_SYMLINK_NOFOLLOW), name);
        }
    }

    static long times(Syscall sys, long seconds, int nanos) {
        MemorySegment times = sys.allocate(32);
        for (long offset = 0; offset < 32; offset += 16) {
            times.set(ValueLayout.JAVA_LONG, offset, seconds);
            times.set(ValueLayout.JAVA_LONG, offset + 8, nanos);
        }
        return times.address();
    }

    /// The names of the extended attributes of a file, sorted.
    public List<String> xattrNames(byte[] name) throws KernelException {
        return Xattrs.names(reach(name), this, name);
    }

    /// An extended attribute of a file, or null if it has none of this name.
    public byte @Nullable [] xattr(byte[] name, String attribute) throws KernelException {
        return Xattrs.get(reach(name), attribute, this, name);
    }

    public void setXattr(byte[] name, String attribute, byte[] value) throws KernelException {
        Xattrs.set(reach(name), attribute, value, this, name);
    }

    public void removeXattr(byte[] name, String attribute) throws KernelException {
        Xattrs.remove(reach(name), attribute, this, name);
    }

    /// A path by which calls that take no directory reach the file: through this process's own descriptor.
    byte[] reach(byte[] name) {
        byte[] prefix = ("/proc/self/fd/" + fd + "/").getBytes(StandardCharsets.US_ASCII);
        byte[] path = Arrays.copyOf(prefix, prefix.length + name.length);
        System.arraycopy(name, 0, path, prefix.length, name.length);
        return path;
    }

    /// A short path to this directory, good while it is open.
    String reachSelf() {
        return "/proc/self/fd/" + fd;
    }

    int descriptor() {
        return fd;
    }

    /// How a file here is called in messages.
    public String path(byte[] name) {
        return shown + "/" + PathBytes.show(name);
    }

    private long check(String call, long result, byte[] name) throws KernelException {
        if (result < 0) {
            throw new KernelException(call, (int) -result, path(name));
        }
        return result;
    }

    static long checked(String call, long result, String path) throws KernelException {
        if (result < 0) {
            throw new KernelException(call, (int) -result, path);
        }
        return result;
    }

    static void closeDescriptor(int fd) {
        try (Syscall sys = new Syscall()) {
            // Its result says nothing that one could act on: the descriptor is gone in any case.
            sys.call(Call.CLOSE, fd, 0);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            closeDescriptor(fd);
        }
    }

    @Override
    public String toString() {
        return shown;
    }
}
