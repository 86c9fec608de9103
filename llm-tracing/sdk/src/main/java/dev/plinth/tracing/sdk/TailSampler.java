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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the spans of a trace until it is decided what becomes of it. All state is under one lock; spans are passed
 * on outside of it, by the thread that brought the decision about. A span is either in the list of a trace that is decided
 * once, or ended after the decision and passed on by itself, so none is passed on twice.
 */
final class TailSampler {

    private static final int LEAST_REMEMBERED = 10_000;

    /** Spans that the decision on their trace lets go. */
    private record Release(List<ReadableSpan> spans, SamplingDecision decision) {}

    private final SpanProcessor next;
    private final double share;
    private final long waitNanos;
    private final int maxSpans;
    private final Predicate<? super SpanData> keepIf;
    private final TimeSource time;

    private final Object lock = new Object();
    /** The oldest first. */
    private final Map<String, HeldTrace> undecided = new LinkedHashMap<>();

    private final Map<String, HeldTrace> byInteraction = new HashMap<>();
    /** Those of the undecided whose roots have ended, in that order. */
    private final Map<String, HeldTrace> complete = new LinkedHashMap<>();

    private final Recent<SamplingDecision> decisions;
    private final Recent<SamplingDecision> decidedInteractions;
    private final SamplingCounts counts = new SamplingCounts();
    private long heldSpans;
    private boolean closed;

    TailSampler(TailSampling.Builder settings) {
        this.next = settings.next;
        this.share = settings.share;
        this.waitNanos = settings.waitFor.toNanos();
        this.maxSpans = settings.maxSpans;
        this.keepIf = settings.keepIf;
        this.time = settings.time;
        this.decisions = new Recent<>(Math.max(LEAST_REMEMBERED, maxSpans));
        this.decidedInteractions = new Recent<>(Math.max(LEAST_REMEMBERED, maxSpans));
    }

    void started(ReadableSpan span) {
        SpanContext context = span.getSpanContext();
        if (!context.isSampled()) {
            return; // not exported anyway
        }
        String interaction = span.getAttribute(PlinthAttributes.INTERACTION_ID);
        boolean root = isRoot(span);
        deciding(due -> {
            HeldTrace trace = undecided.get(context.getTraceId());
            if (trace == null && root && !closed && decisions.get(context.getTraceId()) == null) {
                trace = new HeldTrace(context.getTraceId());
                undecided.put(trace.traceId, trace);
            }
            if (trace != null) {
                hold(trace, root, interaction);
            }
            decideDue(due);
            while (heldSpans > maxSpans) {
                counts.earlyTraces++;
                decideByShare(undecided.values().iterator().next(), due);
            }
        });
    }

    /** Whether nothing around it in this process is sampled. */
    private static boolean isRoot(ReadableSpan span) {
        SpanContext parent = span.getParentSpanContext();
        return !parent.isValid() || parent.isRemote() || !parent.isSampled();
    }

    private void hold(HeldTrace trace, boolean root, @Nullable String interaction) {
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

    void ended(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        SpanData data = span.toSpanData();
        boolean notable = isNotable(data);
        deciding(due -> {
            counts.endedSpans++;
            HeldTrace trace = undecided.get(data.getTraceId());
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
        });
    }

    /** It follows the decision on its trace. One that nobody remembers was made long ago. */
    private void late(ReadableSpan span, List<Release> due) {
        SamplingDecision decision = decisions.get(span.getSpanContext().getTraceId());
        if (decision == null || closed) {
            counts.lateSpans++;
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

    /** What a judgement names comes before the span that is current where it is told. */
    void judged(TraceScore score, SpanContext context, @Nullable String interaction) {
        if (!score.isFailure()) {
            return;
        }
        if (interaction != null) {
            keep(interaction);
            return;
        }
        String traceId = context.getTraceId();
        deciding(due -> keepOrCount(undecided.get(traceId), decisions.get(traceId), due));
    }

    void keep(String interaction) {
        deciding(due -> keepOrCount(byInteraction.get(interaction), decidedInteractions.get(interaction), due));
    }

    private void keepOrCount(@Nullable HeldTrace trace, @Nullable SamplingDecision decision, List<Release> due) {
        if (trace != null) {
            keep(trace, due);
        } else if (decision == null || !decision.passes()) {
            counts.lateScores++;
        }
    }

    private void keep(HeldTrace trace, List<Release> due) {
        counts.keptTraces++;
        decide(trace, SamplingDecision.KEEP, due);
    }

    /** Decides those that have waited long enough. */
    void decideDue() {
        deciding(this::decideDue);
    }

    private void decideDue(List<Release> due) {
        long now = complete.isEmpty() ? 0 : time.nanos();
        while (!complete.isEmpty()) {
            HeldTrace first = complete.values().iterator().next();
            if (first.dueNanos - now > 0) {
                return;
            }
            decideByShare(first, due);
        }
    }

    private void decideByShare(HeldTrace trace, List<Release> due) {
        SamplingDecision decision = SamplingDecision.byShare(share, trace.traceId);
        counts.sampledTraces += decision.passes() ? 1 : 0;
        counts.droppedTraces += decision.passes() ? 0 : 1;
        decide(trace, decision, due);
    }

    private void decide(HeldTrace trace, SamplingDecision decision, List<Release> due) {
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
            counts.passedSpans += spans.size();
            due.add(new Release(spans, decision));
        } else {
            counts.droppedSpans += spans.size();
        }
    }

    /** Does something under the lock, and after it passes on what that lets go. */
    private void deciding(Consumer<List<Release>> work) {
        List<Release> due = new ArrayList<>(1);
        synchronized (lock) {
            work.accept(due);
        }
        for (Release release : due) {
            release.spans.forEach(span -> release.decision.pass(span, next));
        }
    }

    CompletableResultCode flush() {
        deciding(due -> List.copyOf(complete.values()).forEach(trace -> decideByShare(trace, due)));
        return next.forceFlush();
    }

    CompletableResultCode shutdown() {
        deciding(due -> {
            closed = true;
            List.copyOf(undecided.values()).forEach(trace -> decideByShare(trace, due));
        });
        return next.shutdown();
    }

    Map<String, Double> figures() {
        synchronized (lock) {
            return counts.figures(undecided.values());
        }
    }
}
