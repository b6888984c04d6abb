package dev.jbuild.solver.sandbox;

/// The program of a RUN does not exist in its root file system, or what it needs to start does not.
public final class ExecNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String program;

    ExecNotFoundException(String program) {
        super("exec: \"" + program + "\": executable file not found in the stage's file system");
        this.program = program;
    }

    String program() {
        return program;
    }
}
