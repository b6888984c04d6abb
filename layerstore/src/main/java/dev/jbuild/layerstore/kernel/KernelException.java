package dev.jbuild.layerstore.kernel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A system call that failed: which, on what, and why.
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;
    private final String call;
    private final String path;

    KernelException(String call, int errno, String path) {
        this(call, errno, path, "");
    }

    /// @param more what else is known of the cause; may be empty
    KernelException(String call, int errno, String path, String more) {
        super(call + " " + path + ": " + describe(errno) + (more.isEmpty() ? "" : " (" + more + ")"));
        this.errno = errno;
        this.call = call;
        this.path = path;
    }

    private static String describe(int errno) {
        Errno known = Errno.of(errno);
        return known == null ? "error " + errno : known.meaning() + " (" + known + ")";
    }

    /// The error number.
    public int errno() {
        return errno;
    }

    public boolean is(Errno expected) {
        return errno == expected.number();
    }

    /// The error's name, or null for one that jbuild has no name for.
    public @Nullable Errno name() {
        return Errno.of(errno);
    }

    /// The system call's name.
    public String call() {
        return call;
    }

    /// What it was called on.
    public String path() {
        return path;
    }
}
