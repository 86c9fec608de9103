package dev.plinth.providers.limit;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.time.TimeSource;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream that waits for its turn when it is first read. Closing it interrupts the wait, and the opening after it. */
final class LimitedStream extends AbstractChatStream {

    /** A stream that may be sent and has been opened. */
    private record Open(Pass pass, ChatStream stream, Iterator<StreamEvent> events) {}

    private final CallContext context;
    private final TimeSource time;
    private final Supplier<Pass> enter;
    private final Supplier<ChatStream> send;

    private final Object lock = new Object();
    private @Nullable Open open;
    private @Nullable Thread opening;
    private boolean woken;
    private boolean released;

    private long headAt;
    private boolean hasHead; // only for the reading thread, as is the moment before it

    LimitedStream(CallContext context, TimeSource time, Supplier<Pass> enter, Supplier<ChatStream> send) {
        this.context = context;
        this.time = time;
        this.enter = enter;
        this.send = send;
    }

    @Override
    protected @Nullable StreamEvent advance() {
        Open current = opened();
        try {
            StreamEvent event = context.call(() -> current.events.hasNext() ? current.events.next() : null);
            if (!hasHead) {
                hasHead = true;
                headAt = time.nanos();
            }
            if (event instanceof StreamEvent.Finished finished) {
                ChatResponse response = finished.response();
                current.pass.answered(response.usage(), response.rateLimits(), headAt);
            }
            return event;
        } catch (RuntimeException | Error failure) {
            current.pass.failed(failure);
            throw failure;
        }
    }

    private Open opened() {
        synchronized (lock) {
            if (open != null) {
                return open;
            }
            if (released) {
                throw closed();
            }
            opening = Thread.currentThread();
        }
        try {
            Open opened = context.call(this::begin);
            synchronized (lock) {
                if (!released) {
                    open = opened;
                    return opened;
                }
            }
            opened.stream.close();
            opened.pass.cancelled();
            throw closed();
        } finally {
            synchronized (lock) {
                opening = null;
                if (woken) {
                    Thread.interrupted(); // the interruption was ours, not the caller's
                }
            }
        }
    }

    private Open begin() {
        Pass pass = enter.get();
        try {
            ChatStream stream = send.get();
            return new Open(pass, stream, stream.iterator());
        } catch (RuntimeException | Error failure) {
            pass.failed(failure);
            throw failure;
        }
    }

    private static CancelledException closed() {
        return new CancelledException("stream: closed (expected: open until its end)");
    }

    @Override
    protected void release() {
        Open current;
        synchronized (lock) {
            released = true;
            current = open;
            if (opening != null) {
                woken = true;
                opening.interrupt();
            }
        }
        if (current != null) {
            current.stream.close();
            current.pass.cancelled();
        }
    }
}
