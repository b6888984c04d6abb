package dev.jbuild.solver.event;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Numbers the steps of one build and tells the listener of them.
public final class Steps {
    private final BuildListener listener;
    private final AtomicInteger last = new AtomicInteger();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public Steps(BuildListener listener) {
        this.listener = listener;
    }

    /// Begins a step and says so.
    public Step start(String name) {
        int number = last.incrementAndGet();
        listener.on(new BuildEvent.Started(number, name));
        return new Step(number, name, System.nanoTime());
    }

    /// Mentions a step whose result was there already. If this very build made it, it was told of before: a build
    /// context is fetched before there is a plan, and found again when there is one.
    public void cached(String name) {
        if (told.add(name)) {
            listener.on(new BuildEvent.Cached(last.incrementAndGet(), name));
        }
    }

    /// A step under way.
    public final class Step {
        private final int number;
        private final String name;
        private final long startNanos;

        private Step(int number, String name, long startNanos) {
            this.number = number;
            this.name = name;
            this.startNanos = startNanos;
        }

        /// The time since the step began.
        public Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }

        public void log(BuildEvent.Stream stream, String line) {
            listener.on(new BuildEvent.Log(number, stream, elapsed(), line));
        }

        public void status(String line) {
            log(BuildEvent.Stream.STATUS, line);
        }

        public void progress(String thing, long current, long total) {
            listener.on(new BuildEvent.Progress(number, thing, current, total));
        }

        public void used(ResourceUsage usage) {
            listener.on(new BuildEvent.Used(number, usage));
        }

        public void warn(String message) {
            listener.on(new BuildEvent.Warned(number, message, null));
        }

        public void found(Source source, Diagnostic finding) {
            listener.on(new BuildEvent.Found(number, source, finding));
        }

        public void completed() {
            told.add(name);
            listener.on(new BuildEvent.Completed(number, elapsed()));
        }

        public void failed(String message, boolean cancelled) {
            listener.on(new BuildEvent.Failed(number, elapsed(), message, cancelled));
        }
    }
}
