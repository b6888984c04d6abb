package dev.jbuild.layerstore.kernel;

import org.jspecify.annotations.Nullable;

/// The error numbers of Linux that file systems and mounts give.
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    ESRCH(3, "no such process"),
    EINTR(4, "interrupted"),
    EIO(5, "input/output error"),
    ENXIO(6, "no such device or address"),
    E2BIG(7, "argument too big"),
    EBADF(9, "bad file descriptor"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EBUSY(16, "device or resource busy"),
    EEXIST(17, "file exists"),
    EXDEV(18, "on another file system"),
    ENODEV(19, "no such device or file system type"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "too many open files in the system"),
    EMFILE(24, "too many open files"),
    ETXTBSY(26, "text file busy"),
    EFBIG(27, "file too large"),
    ENOSPC(28, "no space left on device"),
    EROFS(30, "read-only file system"),
    EMLINK(31, "too many links"),
    ERANGE(34, "result too large"),
    ENAMETOOLONG(36, "file name too long"),
    ENOSYS(38, "not implemented by this kernel"),
    ENOTEMPTY(39, "directory not empty"),
    ELOOP(40, "too many symbolic links"),
    ENODATA(61, "no such attribute"),
    EOVERFLOW(75, "value too large"),
    EOPNOTSUPP(95, "not supported here"),
    ESTALE(116, "stale file handle"),
    EDQUOT(122, "disk quota exceeded");

    private final int number;
    private final String meaning;

    Errno(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    static @Nullable Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return null;
    }
}
