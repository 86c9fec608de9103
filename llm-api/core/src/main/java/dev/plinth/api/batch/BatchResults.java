package dev.plinth.api.batch;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The results of a batch as they come over the wire, in no particular order: a cursor that one thread reads, and that any
 * thread may close. It holds one result at a time, not all of them.
 *
 * <p>At the end and on an error it closes itself; closing it earlier ends the transfer, and reading after that throws
 * {@link CancelledException}. All errors of reading are {@link dev.plinth.api.error.LlmException}s; results that are
 * missing are one.
 *
 * <p>An implementor writes {@link #advance()} and {@link #release()}.
 */
public abstract class BatchResults implements Iterable<BatchResult>, AutoCloseable {

    private final AtomicBoolean released = new AtomicBoolean();
    private final Cursor cursor = new Cursor();
    private volatile boolean cancelled;

    /** For subclasses. */
    protected BatchResults() {}

    /**
     * Waits for the next result and returns it, or null after the last. After {@link #release()}, whichever thread called
     * it, it must not wait on: it throws what it likes, and the caller sees a {@link CancelledException}.
     */
    protected abstract @Nullable BatchResult advance();

    /** Gives up what this holds, such as a connection, without waiting. Called once, from any thread. */
    protected abstract void release();

    /** The results that have not been read yet. There is one cursor: iterators share it. */
    @Override
    public final Iterator<BatchResult> iterator() {
        return cursor;
    }

    /** Ends the transfer if it still runs. From any thread, without waiting; closing twice does nothing. */
    @Override
    public final void close() {
        if (!released.get()) {
            cancelled = true;
        }
        releaseOnce();
    }

    /** Whether this was closed before its end. */
    protected final boolean isCancelled() {
        return cancelled;
    }

    private void releaseOnce() {
        if (released.compareAndSet(false, true)) {
            release();
        }
    }

    private final class Cursor implements Iterator<BatchResult> {
        private @Nullable BatchResult upcoming;
        private @Nullable RuntimeException failure;
        private boolean ended;

        @Override
        public boolean hasNext() {
            if (upcoming == null && !ended) {
                upcoming = read();
                ended = upcoming == null;
            }
            return upcoming != null;
        }

        @Override
        public BatchResult next() {
            if (!hasNext() || upcoming == null) {
                throw new NoSuchElementException("results: at their end (expected: hasNext())");
            }
            BatchResult result = upcoming;
            upcoming = null;
            return result;
        }

        private @Nullable BatchResult read() {
            if (failure != null) {
                throw failure;
            }
            try {
                BatchResult result = cancelled ? null : advance();
                if (cancelled) {
                    throw closed(null);
                }
                if (result == null) {
                    releaseOnce();
                }
                return result;
            } catch (RuntimeException exception) {
                failure = cancelled && !(exception instanceof CancelledException) ? closed(exception) : exception;
                releaseOnce();
                throw failure;
            } catch (Error error) {
                releaseOnce();
                throw error;
            }
        }

        private CancelledException closed(@Nullable Throwable cause) {
            return new CancelledException("results: closed (expected: open until their end)", ErrorDetails.NONE, cause);
        }
    }
}
