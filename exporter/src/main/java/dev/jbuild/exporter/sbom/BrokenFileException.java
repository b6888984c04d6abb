package dev.jbuild.exporter.sbom;

import java.io.IOException;
import java.io.Serial;

/// A file is not what its name says. The scan goes on without it.
final class BrokenFileException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    BrokenFileException(String message) {
        super(message);
    }
}
