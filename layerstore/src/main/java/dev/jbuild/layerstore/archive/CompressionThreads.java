package dev.jbuild.layerstore.archive;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The threads on which layers are compressed: as many as cores, for all layers together, so that ten layers at once
/// take no more memory and no more switching than one.
final class CompressionThreads {
    private static final class Lazy {
        static final ExecutorService SHARED = of(Runtime.getRuntime().availableProcessors());
    }

    private CompressionThreads() {}

    static ExecutorService shared() {
        return Lazy.SHARED;
    }

    /// Daemon threads: they never keep the process from ending.
    static ExecutorService of(int threads) {
        return Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("compress-", 1).factory());
    }
}
