package dev.plinth.api.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A body while it arrives: each read gives at most one piece of it, and an interrupt ends the wait for the next. The
 * JDK's own stream on 17 waits through interrupts.
 *
 * <p>One thread reads.
 */
final class ArrivingBody extends InputStream implements BodySubscriber<InputStream> {

    /** Some buffers; none of them: the end, and why, if it is not a good one. */
    private record Arrival(
            List<ByteBuffer> buffers, @Nullable Throwable failure) {}

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private Arrival current = new Arrival(List.of(), null);
    private boolean ended;
    private final Object lock = new Object();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        synchronized (lock) {
            this.subscription = subscription;
        }
        proceed();
    }

    /** Asks for more, or for no more. */
    private void proceed() {
        synchronized (lock) {
            if (subscription != null && closed) {
                subscription.cancel();
            } else if (subscription != null) {
                subscription.request(1);
            }
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        arrivals.add(new Arrival(buffers, null));
    }

    @Override
    public void onError(Throwable failure) {
        arrivals.add(new Arrival(List.of(), failure));
    }

    @Override
    public void onComplete() {
        arrivals.add(new Arrival(List.of(), null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        while (length > 0 && !ended) {
            for (ByteBuffer buffer : current.buffers) {
                if (buffer.hasRemaining()) {
                    int count = Math.min(length, buffer.remaining());
                    buffer.get(bytes, offset, count);
                    return count;
                }
            }
            next();
        }
        return length == 0 ? 0 : -1;
    }

    private void next() throws IOException {
        try {
            current = arrivals.take();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("body: interrupted (expected: all of it)");
        }
        ended = current.buffers.isEmpty();
        if (current.failure != null) {
            throw new IOException(current.failure.getMessage(), current.failure);
        }
        if (!ended) {
            proceed();
        }
    }

    /** Gives up what is still to come, and with it the connection. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        if (!ended) {
            proceed();
        }
    }
}
