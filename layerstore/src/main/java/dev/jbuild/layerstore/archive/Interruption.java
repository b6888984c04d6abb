package dev.jbuild.layerstore.archive;

import java.io.InterruptedIOException;

/// Long work on an archive stops when its thread is interrupted.
final class Interruption {
    private Interruption() {}

    /// Throws, and takes the interruption with it, if there was one.
    static void check() throws InterruptedIOException {
        if (Thread.interrupted()) {
            throw new InterruptedIOException("interrupted while working on an archive");
        }
    }
}
