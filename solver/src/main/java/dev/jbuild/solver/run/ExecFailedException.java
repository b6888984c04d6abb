package dev.jbuild.solver.run;

import java.util.List;

/// A process of RUN ended with another code than 0.
public final class ExecFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> logTail;

    /// @param why what is known of the reason, empty or after a colon
    /// @param logTail the last lines of its output
    ExecFailedException(List<String> args, int exitCode, String why, List<String> logTail) {
        super("process \"" + String.join(" ", args) + "\" did not complete successfully: exit code: " + exitCode + why);
        this.exitCode = exitCode;
        this.logTail = List.copyOf(logTail);
    }

    public int exitCode() {
        return exitCode;
    }

    public List<String> logTail() {
        return logTail;
    }
}
