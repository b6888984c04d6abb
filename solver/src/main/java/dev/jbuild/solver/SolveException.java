package dev.jbuild.solver;

import dev.jbuild.solver.graph.VertexInfo;
import dev.jbuild.solver.run.ExecFailedException;
import java.util.List;
import java.util.OptionalInt;

/// A step of a build failed. The cause says why; this says where.
public final class SolveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient VertexInfo info;

    SolveException(VertexInfo info, Throwable cause) {
        super("failed to solve: " + cause.getMessage(), cause);
        this.info = info;
    }

    /// The step, with its place in the Dockerfile.
    public VertexInfo info() {
        return info;
    }

    /// The exit code of the process, if one ran and failed.
    public OptionalInt exitCode() {
        return getCause() instanceof ExecFailedException failed
                ? OptionalInt.of(failed.exitCode())
                : OptionalInt.empty();
    }

    /// The last lines of the process's output.
    public List<String> logTail() {
        return getCause() instanceof ExecFailedException failed ? failed.logTail() : List.of();
    }
}
