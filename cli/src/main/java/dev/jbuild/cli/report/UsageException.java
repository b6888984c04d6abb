package dev.jbuild.cli.report;

import java.io.Serial;

/// The command line cannot be understood. The message is for the user.
public final class UsageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
