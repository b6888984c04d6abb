package dev.jbuild.solver.sandbox;

/// A sandbox could not be made; the message says why and what would help.
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SandboxException(String message) {
        super(message);
    }
}
