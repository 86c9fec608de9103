package dev.plinth.tracing.sdk;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of everything that is to be exported: {@code in = exported + failed + dropped + pending} at any
 * time, and nothing is pending in the end.
 *
 * <p>What is pending is in the queue of a batch processor or in the batch that is being sent. No more is let in than the
 * queue has room for, so the processor drops nothing behind our back. It sends one batch after the other: when the next
 * one begins, it has given up the one before.
 */
final class Delivery {

    /** How long the SDK waits when it is closed. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MOST_TRIES = 1_000;
    private static final long AGAIN_NANOS = 100_000;

    private final int most;
    private final TimeSource time;
    private final Object lock = new Object();
    private long in;
    private long exported;
    private long failed;
    private long dropped;
    private long pending;
    private boolean closed;
    private long closingNanos;
    private @Nullable Batch sending;
    private @Nullable CompletableResultCode shutdown;

    /** A batch on its way; two of one size are not the same. */
    private static final class Batch {
        private final int size;

        Batch(int size) {
            this.size = size;
        }
    }

    /** At most this many are in the queue. */
    Delivery(int most, TimeSource time) {
        this.most = most;
        this.time = time;
    }

    /** Whether there is room for one more; counted as dropped when there is none. */
    boolean letIn() {
        synchronized (lock) {
            in++;
            if (closed || waiting() >= most) {
                dropped++;
                return false;
            }
            pending++;
            return true;
        }
    }

    /** How many are in the queue. */
    long waiting() {
        synchronized (lock) {
            return sending == null ? pending : pending - sending.size;
        }
    }

    /** Sends a batch. Whatever the exporter does, the caller gets a result, and not before it is counted. */
    CompletableResultCode send(int size, Supplier<CompletableResultCode> exporter) {
        Batch batch = new Batch(size);
        synchronized (lock) {
            if (closed) { // it counts as dropped
                return CompletableResultCode.ofFailure();
            }
            settle(sending, 0);
            sending = batch;
        }
        CompletableResultCode result = new CompletableResultCode();
        CompletableResultCode sent = harmless(exporter);
        sent.whenComplete(() -> {
            synchronized (lock) {
                settle(batch, sent.isSuccess() ? size : PartlyWritten.items(sent.getFailureThrowable()));
            }
            complete(result, sent);
        });
        return result;
    }

    /**
     * Flushes a batch processor. One that has just ended a flush gives the result of that to whoever asks for another one,
     * and loses what came in between, so this asks again.
     */
    CompletableResultCode flush(Supplier<CompletableResultCode> processor) {
        CompletableResultCode flushed = processor.get();
        for (int tries = 0; tries < MOST_TRIES && flushed.isDone() && waiting() > 0; tries++) {
            LockSupport.parkNanos(AGAIN_NANOS);
            flushed = processor.get();
        }
        return flushed;
    }

    private void settle(@Nullable Batch batch, int successful) {
        if (batch == null || batch != sending) { // given up meanwhile
            return;
        }
        sending = null;
        pending -= batch.size;
        exported += successful;
        failed += batch.size - successful;
    }

    /** Shuts the processor down, once; what it leaves behind will not be sent. */
    CompletableResultCode shutdown(Supplier<CompletableResultCode> processor) {
        CompletableResultCode result = new CompletableResultCode();
        synchronized (lock) {
            if (shutdown != null) {
                return shutdown;
            }
            shutdown = result;
            closingNanos = time.nanos();
        }
        CompletableResultCode done = harmless(processor);
        done.whenComplete(() -> {
            close();
            complete(result, done);
        });
        return result;
    }

    private static void complete(CompletableResultCode result, CompletableResultCode like) {
        Throwable failure = like.getFailureThrowable();
        if (like.isSuccess()) {
            result.succeed();
        } else if (failure == null) {
            result.fail();
        } else {
            result.failExceptionally(failure);
        }
    }

    private void close() {
        synchronized (lock) {
            closed = true;
            settle(sending, 0);
            dropped += pending;
            pending = 0;
        }
    }

    static CompletableResultCode harmless(Supplier<CompletableResultCode> exporter) {
        try {
            return Check.notNull(exporter.get(), "result");
        } catch (Throwable failure) { // an error would end the thread of the batch processor, and all exports with it
            return CompletableResultCode.ofExceptionalFailure(failure);
        }
    }

    /** Nobody waits any longer for an exporter that hangs. */
    private void giveUp() {
        if (shutdown != null && !closed && time.nanos() - closingNanos >= PATIENCE.toNanos()) {
            close();
        }
    }

    void figures(String prefix, Map<String, Double> figures) {
        synchronized (lock) {
            giveUp();
            figures.put(prefix + "in", (double) in);
            figures.put(prefix + "exported", (double) exported);
            figures.put(prefix + "failed", (double) failed);
            figures.put(prefix + "dropped", (double) dropped);
            figures.put(prefix + "pending", (double) pending);
        }
    }
}
