package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A body as a stream that gives up on a peer which sends nothing, or next to nothing; the JDK's own
/// stream would wait for ever. Only time spent waiting counts, so that a slow reader is not taken for a
/// slow peer.
///
/// At most two deliveries of the connection are held at a time.
final class GuardedBody implements BodySubscriber<InputStream> {
    // Bytes for each second of waiting.
    private static final long SLOWEST = 1 << 10;

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Duration stall;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;

    /// Some bytes, or the end: an orderly one if there is no failure.
    private record Signal(
            List<ByteBuffer> buffers, boolean end, @Nullable Throwable failure) {}

    GuardedBody(Duration stall) {
        this.stall = stall;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(new Stream());
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        if (closed) {
            newSubscription.cancel();
        } else {
            newSubscription.request(2);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal(buffers, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal(List.of(), true, null));
    }

    private final class Stream extends InputStream {
        private final Queue<ByteBuffer> ready = new ArrayDeque<>();
        private @Nullable Signal end;
        private long waited;
        private long arrived;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (true) {
                if (closed) {
                    throw new IOException("the stream is closed");
                }
                ByteBuffer next = ready.peek();
                if (next != null && next.hasRemaining()) {
                    int count = Math.min(length, next.remaining());
                    next.get(target, offset, count);
                    return count;
                }
                if (next != null) {
                    ready.remove();
                    continue;
                }
                if (end != null) {
                    if (end.failure != null) {
                        throw new IOException(end.failure.getMessage(), end.failure);
                    }
                    return -1;
                }
                await();
            }
        }

        private void await() throws IOException {
            try {
                long begun = System.nanoTime();
                Signal signal = signals.poll(Math.max(1, stall.toNanos() - waited), TimeUnit.NANOSECONDS);
                waited += System.nanoTime() - begun;
                if (signal != null) {
                    signal.buffers.forEach(buffer -> arrived += buffer.remaining());
                }
                if (waited >= stall.toNanos() && (signal == null || !signal.end)) {
                    if (arrived < SLOWEST * stall.toMillis() / 1000) {
                        close();
                        throw new HttpTimeoutException(
                                "no more than " + arrived + " bytes in " + stall.toSeconds() + " s");
                    }
                    waited = 0;
                    arrived = 0;
                }
                if (signal == null) {
                    return;
                }
                if (signal.end) {
                    end = signal;
                }
                ready.addAll(signal.buffers);
                Flow.Subscription current = subscription;
                if (current != null && !signal.end) {
                    current.request(1);
                }
            } catch (InterruptedException e) {
                close();
                throw Interruption.of(e);
            }
        }

        // Ends the connection too, unless everything has arrived.
        @Override
        public void close() {
            closed = true;
            Flow.Subscription current = subscription;
            if (current != null) {
                current.cancel();
            }
        }
    }
}
