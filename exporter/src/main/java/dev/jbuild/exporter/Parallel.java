package dev.jbuild.exporter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Work that is done at the same time.
final class Parallel {
    private Parallel() {}

    /// What each task gives, in the order of the tasks. The first that fails ends all others, and is what is thrown.
    static <T> List<T> all(List<Callable<T>> tasks) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            ExecutorCompletionService<T> running = new ExecutorCompletionService<>(threads);
            List<Future<T>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(running.submit(task)));
            for (int i = 0; i < tasks.size(); i++) {
                running.take().get();
            }
            List<T> results = new ArrayList<>();
            futures.forEach(future -> results.add(future.resultNow()));
            return results;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case InterruptedException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException("a task ended in an unforeseen way", e);
            }
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }
}
