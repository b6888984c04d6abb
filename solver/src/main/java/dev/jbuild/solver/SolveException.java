package dev.jbuild.solver;

import dev.jbuild.solver.graph.VertexInfo;
import dev.jbuild.solver.run.ExecFailedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A step of a build failed. The cause says why; this says where.
public final class SolveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient VertexInfo info;
    private final transient @Nullable Path fullLog;

    private final @Nullable String shell;

    SolveException(VertexInfo info, Throwable cause) {
        this(info, cause, null);
    }

    /// @param shell the command that opens a shell in what was kept, null if nothing was
    SolveException(VertexInfo info, Throwable cause, @Nullable String shell) {
        this(info, cause, shell, null);
    }

    private SolveException(VertexInfo info, @Nullable Throwable cause, @Nullable String shell, @Nullable Path fullLog) {
        super("failed to solve: " + (cause == null ? "" : cause.getMessage()), cause);
        this.info = info;
        this.shell = shell;
        this.fullLog = fullLog;
    }

    /// The same, of a build whose whole output is in a file.
    public SolveException logged(Path file) {
        return new SolveException(info, getCause(), shell, file);
    }

    /// The file that has the whole output of the build, if there is one.
    public Optional<Path> fullLog() {
        return Optional.ofNullable(fullLog);
    }

    /// The step, with its place in the Dockerfile.
    public VertexInfo info() {
        return info;
    }

    /// The command that opens a shell in the root file system that the failed process left, if it was kept.
    public Optional<String> shell() {
        return Optional.ofNullable(shell);
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
