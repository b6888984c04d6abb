package dev.jbuild.solver.plan;

import java.io.Serial;

/// A text is no platform that anything could be built for. The message is the problem with the hint behind it.
public final class BadPlatformException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String hint;

    BadPlatformException(String problem, String hint) {
        super(problem + " (" + hint + ")");
        this.problem = problem;
        this.hint = hint;
    }

    public String problem() {
        return problem;
    }

    public String hint() {
        return hint;
    }
}
