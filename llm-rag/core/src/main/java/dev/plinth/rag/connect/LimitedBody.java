package dev.plinth.rag.connect;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The bytes of an answer, as long as they are not too many. */
final class LimitedBody implements BodySubscriber<byte[]> {
    private final long most;
    private final long announced;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private long size;
    private Flow.Subscription subscription;

    /** Somebody sent more than is taken. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(long most) {
            super("more than " + most + " bytes");
        }
    }

    @SuppressWarnings("NullAway.Init") // the subscription comes first
    LimitedBody(long most, ResponseInfo head) {
        this.most = most;
        this.announced = head.headers().firstValueAsLong("content-length").orElse(0);
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        if (announced > most) {
            refuse();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
        for (ByteBuffer part : more) {
            size += part.remaining();
            parts.add(part);
        }
        if (size > most) {
            refuse();
        }
    }

    private void refuse() {
        subscription.cancel();
        parts.clear();
        body.completeExceptionally(new TooLargeException(most));
    }

    @Override
    public void onError(Throwable throwable) {
        body.completeExceptionally(throwable);
    }

    @Override
    public void onComplete() {
        ByteBuffer all = ByteBuffer.allocate((int) size);
        parts.forEach(all::put);
        body.complete(all.array());
    }
}
