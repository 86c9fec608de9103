package dev.plinth.tracing.sdk;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A trace that is not decided, and its ended spans; under the lock of the {@link TailSampler}. */
final class HeldTrace {
    final String traceId;
    /** By which it can be found: of its interactions and answers. */
    final Set<String> names = new HashSet<>();

    final List<ReadableSpan> ended = new ArrayList<>();
    int started;
    int open;
    int openRoots;
    long bytes;
    long dueNanos;
    /** Whether it is to be kept, and waits only until there is room in the queue of the export. */
    boolean kept;

    private final String first;

    /** The trace of this span, the first one that is seen of it. */
    HeldTrace(SpanContext first) {
        this.traceId = first.getTraceId();
        this.first = first.getSpanId();
    }

    void start(ReadableSpan span) {
        started++;
        open++;
        openRoots += isRoot(span) ? 1 : 0;
        bytes += RoughSize.SPAN;
    }

    void end(ReadableSpan span, long size) {
        ended.add(span);
        open--;
        openRoots -= isRoot(span) ? 1 : 0;
        bytes += size - RoughSize.SPAN;
    }

    /** Whether nothing around it is seen here. What is around the first one may be of another SDK in this process. */
    private boolean isRoot(ReadableSpan span) {
        SpanContext parent = span.getParentSpanContext();
        return !parent.isValid()
                || parent.isRemote()
                || !parent.isSampled()
                || span.getSpanContext().getSpanId().equals(first);
    }
}
