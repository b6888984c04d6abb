package dev.jbuild.layerstore.registry;

import java.time.Duration;

/// How patient and how busy a client is.
///
/// @param userAgent what it calls itself
/// @param attempts how often a request is sent at most
/// @param firstDelay the wait after the first failed attempt; it doubles with each one, up to 16 times this
/// @param stall how long a connection may be silent
/// @param blobsPerHost how many blobs travel to or from one host at a time
/// @param chunk larger blobs are pushed in pieces of so many bytes
/// @param offline whether to refuse every connection
public record RegistryOptions(
        String userAgent,
        int attempts,
        Duration firstDelay,
        Duration stall,
        int blobsPerHost,
        int chunk,
        boolean offline) {
    // Below what proxies in front of registries usually let pass.
    private static final int CHUNK = 64 << 20;

    /// Five attempts from half a second on, a minute of silence, four blobs, pieces of 64 MiB.
    public static final RegistryOptions DEFAULT =
            new RegistryOptions("jbuild", 5, Duration.ofMillis(500), Duration.ofMinutes(1), 4);

    public RegistryOptions {
        if (attempts < 1 || blobsPerHost < 1 || chunk < 1) {
            throw new IllegalArgumentException("attempts, blobs per host and chunk are at least 1");
        }
    }

    public RegistryOptions(String userAgent, int attempts, Duration firstDelay, Duration stall, int blobsPerHost) {
        this(userAgent, attempts, firstDelay, stall, blobsPerHost, CHUNK, false);
    }

    /// The same, with blobs pushed in pieces of this size.
    public RegistryOptions withChunk(int bytes) {
        return new RegistryOptions(userAgent, attempts, firstDelay, stall, blobsPerHost, bytes, offline);
    }

    /// The same, refusing every connection.
    public RegistryOptions withoutConnections() {
        return new RegistryOptions(userAgent, attempts, firstDelay, stall, blobsPerHost, chunk, true);
    }
}
