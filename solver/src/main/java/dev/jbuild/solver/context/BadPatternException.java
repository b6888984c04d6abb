package dev.jbuild.solver.context;

import java.io.IOException;

/// A source or `--exclude` that is no pattern.
public final class BadPatternException extends IOException {
    private static final long serialVersionUID = 1;

    BadPatternException(String message, IllegalArgumentException cause) {
        super(message, cause);
    }
}
