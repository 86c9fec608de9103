package dev.plinth.tracing.sdk;

import io.opentelemetry.sdk.trace.ReadableSpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A trace that is not decided, and its ended spans; under the lock of the {@link TailSampler}. */
final class HeldTrace {
    final String traceId;
    final Set<String> interactions = new HashSet<>();
    final List<ReadableSpan> ended = new ArrayList<>();
    int started;
    int openRoots;
    long dueNanos;

    HeldTrace(String traceId) {
        this.traceId = traceId;
    }
}
