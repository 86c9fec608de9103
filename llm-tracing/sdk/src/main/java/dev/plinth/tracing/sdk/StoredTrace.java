package dev.plinth.tracing.sdk;

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

    /**
     * A span that was started, and what it was at its end.
     *
     * @param part what spans within it are a part of
     */
    record StoredSpan(ReadableSpan live, @Nullable SpanData ended, boolean root, boolean orphan, Part part) {}

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
    /** When the last of those began that are trees of their own beside an interaction. */
    private long newestTree = Long.MIN_VALUE;

    private long firstRoot = Long.MAX_VALUE;
    private boolean interactions;
    /** Tells traces apart whose newest trees began at the same time: the later one has more. */
    long number;
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

    /** Whether a tree may begin with it. */
    boolean start(ReadableSpan span) {
        SpanContext parent = span.getParentSpanContext();
        boolean root = !parent.isValid() || parent.isRemote();
        StoredSpan around = root ? null : spans.get(parent.getSpanId());
        boolean unknown = !root && around == null;
        within |= unknown && spans.isEmpty();
        boolean orphan = unknown && !within;
        root |= unknown && within;
        Part partAround = around == null ? Part.around(orphan) : around.part;
        Part begun = Recorded.of(span).part();
        spans.put(span.getSpanContext().getSpanId(), new StoredSpan(span, null, root, orphan, begun.in(partAround)));
        open++;
        openRoots += root ? 1 : 0;
        orphans += orphan ? 1 : 0;
        return begins(root, begun, partAround, span);
    }

    private boolean begins(boolean root, Part begun, Part around, ReadableSpan span) {
        boolean top = begun.isTopIn(around);
        if (!root && !top) {
            return false;
        }
        long start = span.toSpanData().getStartEpochNanos();
        firstRoot = root ? Math.min(firstRoot, start) : firstRoot;
        newestTree = top ? Math.max(newestTree, start) : newestTree;
        interactions |= begun == Part.INTERACTION;
        return true;
    }

    /** When the newest of its {@linkplain TreeBuilder#interactions trees} began. */
    long newest() {
        return interactions ? newestTree : firstRoot;
    }

    /** Whether it was open. */
    boolean end(SpanData data) {
        StoredSpan span = spans.get(data.getSpanId());
        if (span == null || span.ended != null) {
            return false;
        }
        spans.put(data.getSpanId(), new StoredSpan(span.live, data, span.root, span.orphan, span.part));
        open--;
        openRoots -= span.root ? 1 : 0;
        if (Recorded.of(data).part().isTopIn(span.part)) { // which its library says only now
            newestTree = Math.max(newestTree, data.getStartEpochNanos());
        }
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
