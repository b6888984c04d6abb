package dev.jbuild.layerstore.registry;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/// A request's body that tells how much of it the connection has taken.
final class CountedBody implements BodyPublisher {
    private final BodyPublisher body;
    private final AtomicLong taken = new AtomicLong();

    CountedBody(BodyPublisher body) {
        this.body = body;
    }

    long taken() {
        return taken.get();
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> connection) {
        body.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                connection.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer buffer) {
                taken.addAndGet(buffer.remaining());
                connection.onNext(buffer);
            }

            @Override
            public void onError(Throwable failure) {
                connection.onError(failure);
            }

            @Override
            public void onComplete() {
                connection.onComplete();
            }
        });
    }
}
