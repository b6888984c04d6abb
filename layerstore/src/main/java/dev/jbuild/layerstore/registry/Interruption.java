package dev.jbuild.layerstore.registry;

import java.io.InterruptedIOException;

/// Turns an interruption into what stream readers expect, without losing it.
final class Interruption {
    private Interruption() {}

    static InterruptedIOException of(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(cause);
        return interrupted;
    }
}
