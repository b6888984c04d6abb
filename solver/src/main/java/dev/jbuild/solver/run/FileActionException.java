package dev.jbuild.solver.run;

/// A file action that cannot be done as the instruction asks, for a reason that its author can do something about.
public final class FileActionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FileActionException(String message) {
        super(message);
    }

    FileActionException(String message, Throwable cause) {
        super(message, cause);
    }
}
