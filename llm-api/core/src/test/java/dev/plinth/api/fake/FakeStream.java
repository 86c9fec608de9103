package dev.plinth.api.fake;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.StreamEvent;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A stream of given steps; what is released is counted, and releasing wakes a step that waits. */
public class FakeStream extends AbstractChatStream {
    private final Queue<Supplier<StreamEvent>> steps = new ArrayDeque<>();
    public final AtomicInteger releases = new AtomicInteger();
    public final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    public FakeStream text(String text) {
        return step(() -> new StreamEvent.TextDelta(text));
    }

    public FakeStream finished(String text) {
        return step(() -> new StreamEvent.Finished(ChatResponse.of(text)));
    }

    public FakeStream failing(Supplier<? extends RuntimeException> error) {
        return step(() -> {
            throw error.get();
        });
    }

    /** Waits until the stream is released and throws then, as a socket does. */
    public FakeStream stalled() {
        return step(() -> {
            waiting.countDown();
            try {
                released.await();
            } catch (InterruptedException exception) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("socket closed");
        });
    }

    public FakeStream step(Supplier<StreamEvent> step) {
        steps.add(step);
        return this;
    }

    public String partial() {
        return partialText();
    }

    @Override
    protected StreamEvent advance() {
        Supplier<StreamEvent> step = steps.poll();
        return step == null ? null : step.get();
    }

    @Override
    protected void release() {
        releases.incrementAndGet();
        released.countDown();
    }
}
