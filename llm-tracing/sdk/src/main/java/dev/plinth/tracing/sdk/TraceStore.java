package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import dev.plinth.tracing.sdk.StoredTrace.Snapshot;
import dev.plinth.tracing.sdk.StoredTrace.StoredScore;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest traces, within bounds. When one is passed, the oldest trace goes as a whole, first of those that are over and
 * had nothing to do with models, and what comes of it later does not make it a new one. One lock guards all: it is held for a few map operations, never while something is rendered.
 */
final class TraceStore {

    private static final int LEAST_REMEMBERED = 1_000;

    private final int maxTraces;
    private final int maxSpansPerTrace;
    private final long maxBytes;

    private final Object lock = new Object();
    private final Map<String, StoredTrace> traces = new LinkedHashMap<>();
    /** Those of them that are over and had nothing to do with models, in the order of their ends. */
    private final Map<String, StoredTrace> others = new LinkedHashMap<>();

    private final Map<String, StoredTrace> index = new HashMap<>();
    private final Fates<Boolean> gone;
    private long starts;
    private long bytes;
    private long startedSpans;
    private long droppedSpans;
    private long evictedTraces;
    private long unmatchedScores;

    TraceStore(int maxTraces, int maxSpansPerTrace, long maxBytes) {
        this.maxTraces = maxTraces;
        this.maxSpansPerTrace = maxSpansPerTrace;
        this.maxBytes = maxBytes;
        this.gone = new Fates<>(Math.max(maxTraces, LEAST_REMEMBERED));
    }

    void started(ReadableSpan span) {
        String traceId = span.getSpanContext().getTraceId();
        String interaction = span.getAttribute(PlinthAttributes.INTERACTION_ID);
        boolean ofModels = Recorded.of(span).isPlinths() || span.getAttribute(GenAi.OPERATION_NAME) != null;
        synchronized (lock) {
            startedSpans++;
            if (gone.started(traceId) != null) {
                droppedSpans++;
                return;
            }
            StoredTrace trace = traces.computeIfAbsent(traceId, StoredTrace::new);
            if (trace.size() == maxSpansPerTrace) {
                trace.droppedSpans++;
                droppedSpans++;
                return;
            }
            if (trace.start(span)) {
                trace.number = ++starts;
            }
            trace.ofModels |= ofModels;
            others.remove(traceId);
            index(Names.ofInteraction(interaction), trace);
            grow(trace, RoughSize.SPAN);
        }
    }

    void ended(ReadableSpan span) {
        SpanData data = span.toSpanData();
        long size = RoughSize.of(data) - RoughSize.SPAN;
        boolean ofModels = GenAi.isIn(data.getAttributes());
        String response = Names.ofResponse(data.getAttributes().get(GenAi.RESPONSE_ID));
        boolean repeated = Names.ofResponse(data.getAttributes()) == null;
        synchronized (lock) {
            gone.ended(data.getTraceId());
            StoredTrace trace = traces.get(data.getTraceId());
            if (trace == null || !trace.end(data)) {
                return;
            }
            trace.ofModels |= ofModels;
            if (response != null && repeated) {
                trace.names.add(response);
            } else {
                index(response, trace);
            }
            if (trace.open == 0 && !trace.ofModels) {
                others.put(trace.traceId, trace);
            }
            grow(trace, size);
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
     * what the judgement names comes first, unless the current trace is what it names.
     */
    private @Nullable StoredTrace judgedTrace(
            SpanContext context, @Nullable String response, @Nullable String interaction) {
        StoredTrace current = traces.get(context.getTraceId());
        String answer = Names.ofResponse(response);
        if (current != null && answer != null && current.names.contains(answer)) {
            return current;
        }
        StoredTrace named = answer == null ? null : index.get(answer);
        if (named == null && interaction != null) {
            named = index.get(Names.INTERACTION + interaction);
        }
        // An answer whose span has not ended is not known by its id yet.
        return named == null && interaction == null ? current : named;
    }

    private void index(@Nullable String name, StoredTrace trace) {
        if (name != null && trace.names.add(name)) {
            index.put(name, trace);
        }
    }

    private void grow(StoredTrace trace, long size) {
        trace.bytes += size;
        bytes += size;
        while (bytes > maxBytes || traces.size() > maxTraces) {
            evict((others.isEmpty() ? traces : others).values().iterator().next());
        }
    }

    private void evict(StoredTrace oldest) {
        traces.remove(oldest.traceId);
        others.remove(oldest.traceId);
        gone.put(oldest.traceId, true, oldest.open);
        oldest.names.forEach(name -> index.remove(name, oldest));
        bytes -= oldest.bytes;
        evictedTraces++;
        droppedSpans += oldest.size();
    }

    /** Those that had to do with models, the one whose newest tree began last first. */
    List<Snapshot> newest(int most) {
        List<StoredTrace> newest = new ArrayList<>();
        synchronized (lock) {
            traces.values().stream()
                    .filter(trace -> trace.ofModels)
                    .sorted(Comparator.comparingLong(StoredTrace::newest)
                            .thenComparingLong(trace -> trace.number)
                            .reversed())
                    .limit(most)
                    .forEach(newest::add);
        }
        List<Snapshot> snapshots = new ArrayList<>();
        for (StoredTrace trace : newest) {
            synchronized (lock) {
                snapshots.add(trace.snapshot());
            }
        }
        return snapshots;
    }

    Optional<Snapshot> ofInteraction(String id) {
        synchronized (lock) {
            return Optional.ofNullable(index.get(Names.INTERACTION + id)).map(StoredTrace::snapshot);
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
