package dev.jbuild.layerstore.registry;

import java.time.Duration;

/// How patient and how busy a client is.
///
/// @param userAgent what it calls itself
/// @param attempts how often a request is sent at most
/// @param firstDelay the wait after the first failed attempt; it doubles with each one, up to 16 times this
/// @param stall how long a connection may be silent
/// @param blobsPerHost how many blobs travel to or from one host at a time
public record RegistryOptions(String userAgent, int attempts, Duration firstDelay, Duration stall, int blobsPerHost) {
    /// Five attempts from half a second on, a minute of silence, four blobs.
    public static final RegistryOptions DEFAULT =
            new RegistryOptions("jbuild", 5, Duration.ofMillis(500), Duration.ofMinutes(1), 4);

    public RegistryOptions {
        if (attempts < 1 || blobsPerHost < 1) {
            throw new IllegalArgumentException("attempts and blobs per host are at least 1");
        }
    }
}
