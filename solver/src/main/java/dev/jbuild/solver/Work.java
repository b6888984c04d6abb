package dev.jbuild.solver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Tasks by key, each done once, on a virtual thread of its own, for everybody who asks.
final class Work<K, V> {
    private final Crew crew;
    private final Map<K, FutureTask<V>> tasks = new ConcurrentHashMap<>();

    Work(Crew crew) {
        this.crew = crew;
    }

    /// Begins a task, unless it was begun before. If it fails, everybody who waits for any task hears of it.
    void start(K key, Callable<V> task) {
        Future<V> _ = begun(key, task);
    }

    private Future<V> begun(K key, Callable<V> task) {
        FutureTask<V> fresh = new FutureTask<>(() -> crew.watched(task));
        FutureTask<V> known = tasks.putIfAbsent(key, fresh);
        if (known != null) {
            return known;
        }
        crew.start(fresh);
        return fresh;
    }

    /// The outcome of a task, begun now if it was not before.
    V get(K key, Callable<V> task) throws InterruptedException {
        return crew.await(begun(key, task));
    }

    /// The outcomes of all tasks that ended well.
    List<V> done() {
        Collection<FutureTask<V>> all = tasks.values();
        List<V> outcomes = new ArrayList<>();
        for (FutureTask<V> task : all) {
            if (task.state() == Future.State.SUCCESS) {
                outcomes.add(task.resultNow());
            }
        }
        return outcomes;
    }

    /// The threads of one build. The first failure stops them all.
    static final class Crew {
        private final List<Thread> threads = new ArrayList<>();
        private boolean stopped;
        private volatile @Nullable RuntimeException failure;

        /// Runs a task on a thread of its own.
        synchronized void start(Runnable task) {
            Thread thread = Thread.ofVirtual().unstarted(task);
            threads.add(thread);
            thread.start();
            if (stopped) {
                thread.interrupt();
            }
        }

        private <V> V watched(Callable<V> task) throws Exception {
            try {
                return task.call();
            } catch (InterruptedException | CancellationException e) {
                throw e;
            } catch (IOException e) {
                UncheckedIOException unchecked = new UncheckedIOException(e);
                fail(unchecked);
                throw unchecked;
            } catch (RuntimeException e) {
                fail(e);
                throw e;
            }
        }

        private synchronized void fail(RuntimeException e) {
            if (failure == null) {
                failure = e;
            }
            stop();
        }

        /// Waits for a task of this crew.
        ///
        /// @throws RuntimeException the first failure of any task, if one failed
        <V> V await(Future<V> task) throws InterruptedException {
            try {
                return task.get();
            } catch (ExecutionException e) {
                RuntimeException first = failure;
                if (first != null) {
                    throw first;
                }
                switch (e.getCause()) {
                    case InterruptedException interrupted -> throw interrupted;
                    case RuntimeException unchecked -> throw unchecked;
                    case null, default -> throw new IllegalStateException(e.getCause());
                }
            }
        }

        /// Interrupts every thread.
        synchronized void stop() {
            stopped = true;
            threads.forEach(Thread::interrupt);
        }

        /// Waits until every thread has ended.
        void join() throws InterruptedException {
            while (true) {
                Thread next;
                synchronized (this) {
                    threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
                    if (threads.isEmpty()) {
                        return;
                    }
                    next = threads.getFirst();
                }
                next.join();
            }
        }
    }
}
