package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The base of all streams. An implementor writes {@link #advance()} and {@link #release()}; iteration,
 * {@link #response()}, the one end and the partial text of errors come with it.
 *
 * <p>Read by one thread at a time; {@link #close()} from any.
 */
public abstract class AbstractChatStream implements ChatStream, Iterator<StreamEvent> {

    private final StringBuilder text = new StringBuilder();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile boolean cancelled;
    private @Nullable StreamEvent upcoming;
    private @Nullable ChatResponse response;
    private @Nullable RuntimeException failure;

    /** For subclasses. */
    protected AbstractChatStream() {}

    /**
     * Waits for the next event and returns it, or null when the answer ends. After {@link #release()}, whichever
     * thread called it, it must not wait on: it throws what it likes, and the caller sees a
     * {@link CancelledException}.
     */
    protected abstract @Nullable StreamEvent advance();

    /** Gives up what the stream holds, such as its connection, without waiting. Called once, from any thread. */
    protected abstract void release();

    /** The text that has arrived so far. Only for the reading thread. */
    protected final String partialText() {
        return text.toString();
    }

    @Override
    public final Iterator<StreamEvent> iterator() {
        return this;
    }

    @Override
    public final boolean hasNext() {
        if (upcoming == null && response == null) {
            upcoming = read();
        }
        return upcoming != null;
    }

    @Override
    public final StreamEvent next() {
        if (!hasNext() || upcoming == null) {
            throw new NoSuchElementException("stream: at its end (expected: hasNext())");
        }
        StreamEvent event = upcoming;
        upcoming = null;
        return event;
    }

    @Override
    public final ChatStream onText(Consumer<? super String> sink) {
        Check.notNull(sink, "sink");
        while (hasNext()) {
            if (next() instanceof StreamEvent.TextDelta delta) {
                sink.accept(delta.text());
            }
        }
        return this;
    }

    @Override
    public final ChatResponse response() {
        while (hasNext()) {
            next();
        }
        if (response == null) {
            throw new IllegalStateException("stream: no response (expected: Finished before the end)");
        }
        return response;
    }

    @Override
    public final void close() {
        if (!released.get()) {
            cancelled = true;
        }
        releaseOnce();
    }

    /** Whether the stream was closed before its end. */
    protected final boolean isCancelled() {
        return cancelled;
    }

    private StreamEvent read() {
        if (failure != null) {
            throw failure;
        }
        if (cancelled) {
            throw failed(new CancelledException("stream: closed (expected: open until its end)"));
        }
        StreamEvent event;
        try {
            event = advance();
        } catch (RuntimeException exception) {
            throw failed(cancelled ? cancelledBy(exception) : exception);
        } catch (Error error) {
            releaseOnce();
            throw error;
        }
        if (event == null) {
            throw failed(
                    cancelled
                            ? new CancelledException("stream: closed (expected: open until its end)")
                            : new MalformedResponseException("stream: ended without a finish (expected: Finished)"));
        }
        if (event instanceof StreamEvent.TextDelta delta) {
            text.append(delta.text());
        } else if (event instanceof StreamEvent.Finished finished) {
            response = finished.response();
            releaseOnce();
        }
        return event;
    }

    private static RuntimeException cancelledBy(RuntimeException exception) {
        if (exception instanceof CancelledException) {
            return exception;
        }
        return new CancelledException("stream: closed (expected: open until its end)", ErrorDetails.NONE, exception);
    }

    private RuntimeException failed(RuntimeException exception) {
        if (exception instanceof LlmException known && known.partialText().isEmpty()) {
            known.setPartial(text.toString(), known.partialUsage());
        }
        failure = exception;
        releaseOnce();
        return exception;
    }

    private void releaseOnce() {
        if (released.compareAndSet(false, true)) {
            release();
        }
    }
}
