package dev.jbuild.solver.file;

import java.io.IOException;

/// A file action that cannot be done as the instruction asks, for a reason that its author can do something about.
public final class FileActionException extends IOException {
    private static final long serialVersionUID = 1;

    public FileActionException(String message) {
        super(message);
    }

    public FileActionException(String message, Throwable cause) {
        super(message, cause);
    }
}
