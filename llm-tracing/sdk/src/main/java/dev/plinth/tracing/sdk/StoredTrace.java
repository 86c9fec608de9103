package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link TraceStore} keeps of one trace; under its lock. */
final class StoredTrace {

    /** A span that was started, and what it was at its end. */
    record StoredSpan(ReadableSpan live, @Nullable SpanData ended, boolean root, boolean orphan) {}

    /**
     * A judgement and what it names as judged.
     *
     * @param spanId the span that was current; null: one of another trace, or none
     */
    record StoredScore(
            TraceScore score,
            @Nullable String spanId,
            @Nullable String responseId,
            @Nullable String interactionId) {}

    /** What a tree is built from: later spans, ends and judgements are not in it. */
    record Snapshot(String traceId, List<StoredSpan> spans, List<StoredScore> scores, int droppedSpans) {}

    final String traceId;
    /** By which it can be found; of an answer out of a cache, it is only known here. */
    final Set<String> names = new HashSet<>();
    /** When its last outermost interaction began, or itself: higher than those before. */
    long newest;
    /** Whether it has spans of Plinth or of a model's call. */
    boolean ofModels;
    /** Whether something that this store is not told of is around it: a span of another SDK in this process. */
    private boolean within;

    long bytes;
    int droppedSpans;
    int orphans;
    int open;
    int openRoots;
    private final Map<String, StoredSpan> spans = new LinkedHashMap<>();
    private final List<StoredScore> scores = new ArrayList<>();

    StoredTrace(String traceId) {
        this.traceId = traceId;
    }

    int size() {
        return spans.size();
    }

    void start(ReadableSpan span) {
        SpanContext parent = span.getParentSpanContext();
        boolean root = !parent.isValid() || parent.isRemote();
        boolean unknown = !root && !spans.containsKey(parent.getSpanId());
        within |= unknown && spans.isEmpty();
        boolean orphan = unknown && !within;
        root |= unknown && within;
        spans.put(span.getSpanContext().getSpanId(), new StoredSpan(span, null, root, orphan));
        open++;
        openRoots += root ? 1 : 0;
        orphans += orphan ? 1 : 0;
    }

    /** Whether the span around this one, which is not started yet, is of an interaction. */
    boolean isWithinInteraction(ReadableSpan span) {
        StoredSpan around = spans.get(span.getParentSpanContext().getSpanId());
        return around != null && around.live.getAttribute(PlinthAttributes.INTERACTION_ID) != null;
    }

    /** Whether it was open. */
    boolean end(SpanData data) {
        StoredSpan span = spans.get(data.getSpanId());
        if (span == null || span.ended != null) {
            return false;
        }
        spans.put(data.getSpanId(), new StoredSpan(span.live, data, span.root, span.orphan));
        open--;
        openRoots -= span.root ? 1 : 0;
        return true;
    }

    void judge(StoredScore score) {
        scores.add(score);
    }

    /** How many have not ended although all that they are for have. */
    int unended() {
        return openRoots == 0 ? open : 0;
    }

    Snapshot snapshot() {
        return new Snapshot(traceId, List.copyOf(spans.values()), List.copyOf(scores), droppedSpans);
    }
}
