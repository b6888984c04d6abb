package dev.jbuild.solver.plan;

/// There is no image of this name, or none for the platform that was asked for. The message says which and what to do.
public final class ImageNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ImageNotFoundException(String message) {
        super(message);
    }
}
