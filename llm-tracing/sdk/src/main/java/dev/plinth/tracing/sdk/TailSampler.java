package dev.plinth.tracing.sdk;

import dev.plinth.api.time.TimeSource;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the spans of a trace until it is decided what becomes of it. All state is under one lock; spans are passed
 * on outside of it, by the thread that brought the decision about. A span is either in the list of a trace that is decided
 * once, or ended after the decision and passed on by itself, so none is passed on twice.
 */
final class TailSampler {

    /** A trace that is not decided, and its ended spans. */
    private static final class Held {
        final String traceId;
        final Set<String> interactions = new HashSet<>();
        final List<ReadableSpan> ended = new ArrayList<>();
        int started;
        int openRoots;
        long dueNanos;

        Held(String traceId) {
            this.traceId = traceId;
        }
    }

    private record Release(List<ReadableSpan> spans, SamplingDecision decision) {}

    private final SpanProcessor next;
    private final double share;
    private final SamplingDecision sampled;
    private final long waitNanos;
    private final int maxSpans;
    private final Predicate<? super SpanData> keepIf;
    private final TimeSource time;

    private final Object lock = new Object();
    /** The oldest first. */
    private final Map<String, Held> undecided = new LinkedHashMap<>();

    private final Map<String, Held> byInteraction = new HashMap<>();
    /** Those of the undecided whose roots have ended, in that order. */
    private final Map<String, Held> complete = new LinkedHashMap<>();

    private final Recent<SamplingDecision> decisions;
    private final Recent<SamplingDecision> decidedInteractions;
    private boolean closed;
    private long heldSpans;
    private long keptTraces;
    private long sampledTraces;
    private long droppedTraces;
    private long earlyTraces;
    private long endedSpans;
    private long passedSpans;
    private long droppedSpans;
    private long lateSpans;
    private long lateScores;

    TailSampler(TailSampling.Builder settings) {
        this.next = settings.next;
        this.share = settings.share;
        this.sampled = new SamplingDecision(true, 1 / share);
        this.waitNanos = settings.waitFor.toNanos();
        this.maxSpans = settings.maxSpans;
        this.keepIf = settings.keepIf;
        this.time = settings.time;
        this.decisions = new Recent<>(Math.max(10_000, maxSpans));
        this.decidedInteractions = new Recent<>(Math.max(10_000, maxSpans));
    }

    void started(ReadableSpan span) {
        SpanContext context = span.getSpanContext();
        if (!context.isSampled()) {
            return; // not exported anyway
        }
        String interaction = span.getAttribute(PlinthAttributes.INTERACTION_ID);
        boolean root = isRoot(span);
        List<Release> due = new ArrayList<>();
        synchronized (lock) {
            if (closed) {
                return;
            }
            Held trace = undecided.get(context.getTraceId());
            if (trace == null && root && decisions.get(context.getTraceId()) == null) {
                trace = new Held(context.getTraceId());
                undecided.put(trace.traceId, trace);
            }
            if (trace != null) {
                trace.started++;
                heldSpans++;
                if (root) {
                    trace.openRoots++;
                    complete.remove(trace.traceId);
                }
                if (interaction != null && trace.interactions.add(interaction)) {
                    byInteraction.put(interaction, trace);
                }
            }
            decideDue(due);
            while (heldSpans > maxSpans) {
                earlyTraces++;
                decide(undecided.values().iterator().next(), due);
            }
        }
        pass(due);
    }

    /** Whether nothing around it in this process is sampled. */
    private static boolean isRoot(ReadableSpan span) {
        SpanContext parent = span.getParentSpanContext();
        return !parent.isValid() || parent.isRemote() || !parent.isSampled();
    }

    void ended(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        SpanData data = span.toSpanData();
        boolean notable = isNotable(data);
        List<Release> due = new ArrayList<>();
        synchronized (lock) {
            endedSpans++;
            Held trace = undecided.get(data.getTraceId());
            if (trace == null) {
                late(span, due);
            } else {
                trace.ended.add(span);
                if (isRoot(span) && --trace.openRoots == 0) {
                    trace.dueNanos = time.nanos() + waitNanos;
                    complete.put(trace.traceId, trace);
                }
                if (notable) {
                    keep(trace, due);
                }
            }
            decideDue(due);
        }
        pass(due);
    }

    /** It follows the decision on its trace. One that nobody remembers was made long ago. */
    private void late(ReadableSpan span, List<Release> due) {
        SamplingDecision decision = decisions.get(span.getSpanContext().getTraceId());
        if (decision == null || closed) {
            lateSpans++;
        } else {
            release(List.of(span), decision, due);
        }
    }

    private boolean isNotable(SpanData span) {
        if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
            return true;
        }
        if ("guardrail".equals(span.getAttributes().get(PlinthAttributes.STEP_KIND))) {
            return !"passed".equals(span.getAttributes().get(PlinthAttributes.STEP_OUTCOME));
        }
        try {
            return keepIf.test(span);
        } catch (RuntimeException failure) { // it is not the application's that ends the span
            return true;
        }
    }

    void judged(TraceScore score, SpanContext context, @Nullable String interaction) {
        if (!score.isFailure()) {
            return;
        }
        if (interaction != null) {
            keep(interaction);
            return;
        }
        List<Release> due = new ArrayList<>();
        synchronized (lock) {
            keepOrCount(undecided.get(context.getTraceId()), decisions.get(context.getTraceId()), due);
        }
        pass(due);
    }

    void keep(String interaction) {
        List<Release> due = new ArrayList<>();
        synchronized (lock) {
            keepOrCount(byInteraction.get(interaction), decidedInteractions.get(interaction), due);
        }
        pass(due);
    }

    private void keepOrCount(@Nullable Held trace, @Nullable SamplingDecision decision, List<Release> due) {
        if (trace != null) {
            keep(trace, due);
        } else if (decision == null || !decision.passes()) {
            lateScores++;
        }
    }

    private void keep(Held trace, List<Release> due) {
        keptTraces++;
        decide(trace, SamplingDecision.KEEP, due);
    }

    /** Decides those that have waited long enough. */
    void decideDue() {
        List<Release> due = new ArrayList<>();
        synchronized (lock) {
            decideDue(due);
        }
        pass(due);
    }

    private void decideDue(List<Release> due) {
        long now = complete.isEmpty() ? 0 : time.nanos();
        while (!complete.isEmpty()) {
            Held first = complete.values().iterator().next();
            if (first.dueNanos - now > 0) {
                return;
            }
            decide(first, due);
        }
    }

    /** Nothing speaks for keeping it. */
    private void decide(Held trace, List<Release> due) {
        boolean inShare = isInShare(trace.traceId);
        sampledTraces += inShare ? 1 : 0;
        droppedTraces += inShare ? 0 : 1;
        decide(trace, inShare ? sampled : SamplingDecision.DROP, due);
    }

    private void decide(Held trace, SamplingDecision decision, List<Release> due) {
        undecided.remove(trace.traceId);
        complete.remove(trace.traceId);
        heldSpans -= trace.started;
        decisions.put(trace.traceId, decision);
        for (String interaction : trace.interactions) {
            byInteraction.remove(interaction, trace);
            decidedInteractions.put(interaction, decision);
        }
        release(trace.ended, decision, due);
    }

    private void release(List<ReadableSpan> spans, SamplingDecision decision, List<Release> due) {
        if (decision.passes()) {
            passedSpans += spans.size();
            due.add(new Release(spans, decision));
        } else {
            droppedSpans += spans.size();
        }
    }

    private void pass(List<Release> releases) {
        for (Release release : releases) {
            release.spans.forEach(span -> release.decision.pass(span, next));
        }
    }

    /**
     * By the trace's id, so every process decides alike. The bits are mixed first, since other samplers go by the id, too:
     * what one of them lets through is no fair sample of ids.
     */
    private boolean isInShare(String traceId) {
        long bits = Long.parseUnsignedLong(traceId, 0, 16, 16)
                + 0x9e3779b97f4a7c15L * Long.parseUnsignedLong(traceId, 16, 32, 16);
        bits = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        bits = (bits ^ bits >>> 27) * 0x94d049bb133111ebL;
        bits ^= bits >>> 31;
        return (bits >>> 11) * 0x1p-53 < share;
    }

    CompletableResultCode flush() {
        List<Release> due = new ArrayList<>();
        synchronized (lock) {
            List.copyOf(complete.values()).forEach(trace -> decide(trace, due));
        }
        pass(due);
        return next.forceFlush();
    }

    CompletableResultCode shutdown() {
        List<Release> due = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            List.copyOf(undecided.values()).forEach(trace -> decide(trace, due));
        }
        pass(due);
        return next.shutdown();
    }

    Map<String, Double> figures() {
        Map<String, Double> figures = new TreeMap<>();
        synchronized (lock) {
            int waitingSpans = 0;
            for (Held trace : undecided.values()) {
                waitingSpans += trace.ended.size();
            }
            figures.put("tracing.sampling.traces.kept", (double) keptTraces);
            figures.put("tracing.sampling.traces.sampled", (double) sampledTraces);
            figures.put("tracing.sampling.traces.dropped", (double) droppedTraces);
            figures.put("tracing.sampling.traces.early", (double) earlyTraces);
            figures.put("tracing.sampling.traces.undecided", (double) undecided.size());
            figures.put("tracing.sampling.spans.in", (double) endedSpans);
            figures.put("tracing.sampling.spans.passed", (double) passedSpans);
            figures.put("tracing.sampling.spans.dropped", (double) droppedSpans);
            figures.put("tracing.sampling.spans.late", (double) lateSpans);
            figures.put("tracing.sampling.spans.pending", (double) waitingSpans);
            figures.put("tracing.sampling.scores.late", (double) lateScores);
        }
        return figures;
    }
}
