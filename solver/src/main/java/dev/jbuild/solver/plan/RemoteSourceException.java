package dev.jbuild.solver.plan;

import org.jspecify.annotations.Nullable;

/// A remote file or repository cannot be had. The message names it, without any password, and says why.
public final class RemoteSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RemoteSourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
