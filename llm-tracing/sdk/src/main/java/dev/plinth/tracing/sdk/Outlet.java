package dev.plinth.tracing.sdk;

import dev.plinth.api.time.TimeSource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a {@link TailSampler} passes spans on. It knows how many the queues behind it have room for, if they are those of
 * a {@link TraceExport}, so that a trace need not be passed on in pieces. Thread-safe.
 */
final class Outlet {

    /** Spans of a trace that is decided. */
    record Release(List<ReadableSpan> spans, SamplingDecision decision) {}

    /** How many pass between two flushes when the queue is not known: a batch processor's has room for 2,048. */
    private static final int SLICE = 512;
    /** The SDK passes over a flush that comes while the one before it is just over, so this asks again. */
    private static final long AGAIN_NANOS = 100_000;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    final SpanProcessor next;
    private final List<SpanQueue> queues;
    private final TimeSource time;
    /** How many are decided to pass and have not yet. */
    private final AtomicLong underway = new AtomicLong();

    Outlet(SpanProcessor next, List<SpanQueue> queues, TimeSource time) {
        this.next = next;
        this.queues = queues;
        this.time = time;
    }

    /** Whether the queues have room for so many more; yes, if they are not known. */
    boolean hasRoomFor(int spans) {
        return hasRoomFor(spans, underway.get());
    }

    /** What is longer than a queue goes when that is empty. */
    private boolean hasRoomFor(int spans, long before) {
        return queues.stream()
                .allMatch(
                        queue -> queue.waiting() + before == 0 || queue.waiting() + before + spans <= queue.capacity());
    }

    /** From now on there is no room for others where these will be; {@link #pass} or {@link #drain} must follow. */
    void promise(Release release) {
        underway.addAndGet(release.spans.size());
    }

    void pass(Release release) {
        for (ReadableSpan span : release.spans) {
            release.decision.pass(span, next);
            underway.decrementAndGet();
        }
    }

    /** Passes on more than the queues have room for: it waits for the exporters, but not for long. */
    void drain(List<Release> releases) {
        long deadline = time.nanos() + PATIENCE.toNanos();
        int passed = 0;
        for (Release release : releases) {
            passed += release.spans.size();
            if (queues.isEmpty() && passed > SLICE) {
                flush(deadline);
                passed = release.spans.size();
            }
            while (!hasRoomFor(release.spans.size(), 0) && flush(deadline)) {
                LockSupport.parkNanos(AGAIN_NANOS);
            }
            pass(release);
        }
    }

    /** Whether that was done in time. */
    private boolean flush(long deadline) {
        long left = deadline - time.nanos();
        return left > 0 && next.forceFlush().join(left, TimeUnit.NANOSECONDS).isDone();
    }
}
