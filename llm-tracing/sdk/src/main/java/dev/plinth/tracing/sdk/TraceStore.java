package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import dev.plinth.tracing.sdk.StoredTrace.Snapshot;
import dev.plinth.tracing.sdk.StoredTrace.StoredScore;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest traces, within bounds. When one is passed, the oldest trace goes as a whole, and what comes of it later does
 * not make it a new one. One lock guards all: it is held for a few map operations, never while something is rendered.
 */
final class TraceStore {

    private static final String INTERACTION = "interaction ";
    private static final String RESPONSE = "response ";

    private final int maxTraces;
    private final int maxSpansPerTrace;
    private final long maxBytes;

    private final Object lock = new Object();
    private final Map<String, StoredTrace> traces = new LinkedHashMap<>();
    private final Map<String, StoredTrace> index = new HashMap<>();
    private final Recent<Boolean> gone;
    private long bytes;
    private long startedSpans;
    private long droppedSpans;
    private long evictedTraces;
    private long unmatchedScores;

    TraceStore(int maxTraces, int maxSpansPerTrace, long maxBytes) {
        this.maxTraces = maxTraces;
        this.maxSpansPerTrace = maxSpansPerTrace;
        this.maxBytes = maxBytes;
        this.gone = new Recent<>(Math.max(maxTraces, 1_000));
    }

    void started(ReadableSpan span) {
        String traceId = span.getSpanContext().getTraceId();
        String interaction = span.getAttribute(PlinthAttributes.INTERACTION_ID);
        synchronized (lock) {
            startedSpans++;
            if (gone.get(traceId) != null) {
                droppedSpans++;
                return;
            }
            StoredTrace trace = traces.computeIfAbsent(traceId, StoredTrace::new);
            if (trace.size() == maxSpansPerTrace) {
                trace.droppedSpans++;
                droppedSpans++;
                return;
            }
            trace.start(span);
            index(INTERACTION, interaction, trace);
            grow(trace, RoughSize.SPAN);
        }
    }

    void ended(ReadableSpan span) {
        SpanData data = span.toSpanData();
        long size = RoughSize.of(data) - RoughSize.SPAN;
        String response = data.getAttributes().get(GenAi.RESPONSE_ID);
        synchronized (lock) {
            StoredTrace trace = traces.get(data.getTraceId());
            if (trace != null && trace.end(data)) {
                index(RESPONSE, response, trace);
                grow(trace, size);
            }
        }
    }

    void judged(ReadWriteLogRecord record) {
        SpanContext context = record.getSpanContext();
        String response = record.getAttribute(GenAi.RESPONSE_ID);
        String interaction = record.getAttribute(PlinthAttributes.INTERACTION_ID);
        TraceScore score = TraceScore.of(record);
        synchronized (lock) {
            StoredTrace trace = judgedTrace(context, response, interaction);
            if (trace == null) {
                unmatchedScores++;
                return;
            }
            String spanId = trace.traceId.equals(context.getTraceId()) ? context.getSpanId() : null;
            trace.judge(new StoredScore(score, spanId, response, interaction));
            grow(trace, RoughSize.of(score));
        }
    }

    /**
     * The span that is current where a judgement is told may be that of a request of its own, such as a user's feedback: so
     * what the judgement names comes first.
     */
    private @Nullable StoredTrace judgedTrace(
            SpanContext context, @Nullable String response, @Nullable String interaction) {
        StoredTrace named = response == null ? null : index.get(RESPONSE + response);
        if (named == null && interaction != null) {
            named = index.get(INTERACTION + interaction);
        }
        // An answer whose span has not ended is not known by its id yet.
        return named == null && interaction == null ? traces.get(context.getTraceId()) : named;
    }

    private void index(String kind, @Nullable String id, StoredTrace trace) {
        if (id != null && trace.keys.add(kind + id)) {
            index.put(kind + id, trace);
        }
    }

    private void grow(StoredTrace trace, long size) {
        trace.bytes += size;
        bytes += size;
        while (bytes > maxBytes || traces.size() > maxTraces) {
            evict(traces.values().iterator().next());
        }
    }

    private void evict(StoredTrace oldest) {
        traces.remove(oldest.traceId);
        gone.put(oldest.traceId, true);
        oldest.keys.forEach(key -> index.remove(key, oldest));
        bytes -= oldest.bytes;
        evictedTraces++;
        droppedSpans += oldest.size();
    }

    /** The newest first. */
    List<Snapshot> newest(int most) {
        List<StoredTrace> newest;
        synchronized (lock) {
            newest = new ArrayList<>(traces.values());
        }
        Collections.reverse(newest);
        List<Snapshot> snapshots = new ArrayList<>();
        for (StoredTrace trace : newest.subList(0, Math.min(most, newest.size()))) {
            synchronized (lock) {
                snapshots.add(trace.snapshot());
            }
        }
        return snapshots;
    }

    Optional<Snapshot> ofInteraction(String id) {
        synchronized (lock) {
            return Optional.ofNullable(index.get(INTERACTION + id)).map(StoredTrace::snapshot);
        }
    }

    Optional<Snapshot> ofTrace(String traceId) {
        synchronized (lock) {
            return Optional.ofNullable(traces.get(traceId)).map(StoredTrace::snapshot);
        }
    }

    Map<String, Double> figures() {
        Map<String, Double> figures = new TreeMap<>();
        synchronized (lock) {
            long held = 0;
            long orphans = 0;
            long unended = 0;
            for (StoredTrace trace : traces.values()) {
                held += trace.size();
                orphans += trace.orphans;
                unended += trace.unended();
            }
            figures.put("tracing.local.traces", (double) traces.size());
            figures.put("tracing.local.traces.evicted", (double) evictedTraces);
            figures.put("tracing.local.spans", (double) held);
            figures.put("tracing.local.spans.started", (double) startedSpans);
            figures.put("tracing.local.spans.dropped", (double) droppedSpans);
            figures.put("tracing.local.spans.orphaned", (double) orphans);
            figures.put("tracing.local.spans.unended", (double) unended);
            figures.put("tracing.local.scores.unmatched", (double) unmatchedScores);
            figures.put("tracing.local.bytes", (double) bytes);
        }
        return figures;
    }
}
