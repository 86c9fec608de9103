package dev.plinth.tracing.sdk;

import dev.plinth.api.time.TimeSource;
import dev.plinth.tracing.PlinthAttributes;
import dev.plinth.tracing.sdk.Outlet.Release;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
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
 *
 * <p>A trace begins with the first span that is seen of it, and is complete when no span of it runs. A span that is never
 * ended must not hold it up for ever, so it also lingers for a limited time only.
 */
final class TailSampler {

    private static final int LEAST_REMEMBERED = 10_000;
    /** How long a trace whose roots have ended waits for what still runs, such as a stream that is read. */
    static final Duration LINGER = Duration.ofMinutes(10);

    private final Outlet outlet;
    private final double share;
    private final long waitNanos;
    private final int maxSpans;
    private final long maxBytes;
    private final Predicate<? super SpanData> keepIf;
    private final TimeSource time;

    private final Object lock = new Object();
    /** The oldest first; each of the next three has some of them. */
    private final Map<String, HeldTrace> undecided = new LinkedHashMap<>();
    /** Those that are to be kept when there is room, in the order in which that was decided. */
    private final Map<String, HeldTrace> kept = new LinkedHashMap<>();
    /** Those of which nothing runs, in the order in which their wait ends, as in the next one. */
    private final Map<String, HeldTrace> complete = new LinkedHashMap<>();
    /** Those whose roots have ended, and of which something runs. */
    private final Map<String, HeldTrace> lingering = new LinkedHashMap<>();

    private final Map<String, HeldTrace> byName = new HashMap<>();
    private final Fates<SamplingDecision> decisions;
    private final Recent<SamplingDecision> decidedNames;
    /** Interactions that are to be kept and have not been seen yet. */
    private final Recent<Boolean> wanted = new Recent<>(LEAST_REMEMBERED);

    private final SamplingCounts counts = new SamplingCounts();
    private long heldSpans;
    private long heldBytes;
    private boolean closed;

    TailSampler(TailSampling.Builder settings) {
        int remembered = Math.max(LEAST_REMEMBERED, settings.maxSpans);
        this.outlet = new Outlet(settings.next, settings.queues, settings.time);
        this.share = settings.share;
        this.waitNanos = settings.waitFor.toNanos();
        this.maxSpans = settings.maxSpans;
        this.maxBytes = settings.maxBytes;
        this.keepIf = settings.keepIf;
        this.time = settings.time;
        this.decisions = new Fates<>(remembered);
        this.decidedNames = new Recent<>(remembered);
    }

    void started(ReadableSpan span) {
        SpanContext context = span.getSpanContext();
        if (!context.isSampled()) {
            return; // not exported anyway
        }
        String interaction = Names.ofInteraction(span.getAttribute(PlinthAttributes.INTERACTION_ID));
        deciding(due -> {
            SamplingDecision decision = decisions.started(context.getTraceId());
            if (decision != null) {
                name(interaction, decision);
            } else if (!closed) {
                HeldTrace trace = undecided.computeIfAbsent(context.getTraceId(), id -> new HeldTrace(context));
                trace.start(span);
                heldSpans++;
                heldBytes += RoughSize.SPAN;
                name(interaction, trace);
                place(trace);
                if (interaction != null && wanted.remove(interaction)) {
                    keep(trace, due);
                }
            }
            decideDue(due);
        });
    }

    private void name(@Nullable String name, HeldTrace trace) {
        if (name != null && trace.names.add(name)) {
            byName.put(name, trace);
        }
    }

    private void name(@Nullable String name, SamplingDecision decision) {
        if (name != null) {
            decidedNames.put(name, decision);
        }
    }

    /** Puts it where it waits. */
    private void place(HeldTrace trace) {
        complete.remove(trace.traceId);
        lingering.remove(trace.traceId);
        if (trace.kept || trace.openRoots > 0) {
            return;
        }
        if (trace.open == 0) {
            trace.dueNanos = time.nanos() + waitNanos;
            complete.put(trace.traceId, trace);
        } else {
            trace.dueNanos = time.nanos() + Math.max(waitNanos, LINGER.toNanos());
            lingering.put(trace.traceId, trace);
        }
    }

    void ended(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        SpanData data = span.toSpanData();
        boolean notable = isNotable(data);
        long size = RoughSize.of(data);
        String response = Names.ofResponse(data.getAttributes());
        deciding(due -> {
            counts.endedSpans++;
            HeldTrace trace = undecided.get(data.getTraceId());
            if (trace == null) {
                late(span, response, due);
            } else {
                trace.end(span, size);
                heldBytes += size - RoughSize.SPAN;
                name(response, trace);
                place(trace);
                if (notable) {
                    keep(trace, due);
                }
            }
            decideDue(due);
        });
    }

    /** It follows the decision on its trace. */
    private void late(ReadableSpan span, @Nullable String response, List<Release> due) {
        SamplingDecision decision = decisions.ended(span.getSpanContext().getTraceId());
        if (decision == null || closed) {
            counts.lateSpans++;
        } else {
            name(response, decision);
            release(List.of(span), decision, due);
        }
    }

    private boolean isNotable(SpanData span) {
        if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
            return true;
        }
        boolean guardrail = "guardrail".equals(span.getAttributes().get(PlinthAttributes.STEP_KIND));
        if (guardrail && !"passed".equals(span.getAttributes().get(PlinthAttributes.STEP_OUTCOME))) {
            return true;
        }
        try {
            return keepIf.test(span);
        } catch (Throwable failure) { // such as a stack that is full: it is not the application's that ends the span
            return true;
        }
    }

    /**
     * What a judgement names comes before the span that is current where it is told. An answer whose span has not ended is
     * not known by its id yet.
     */
    void judged(TraceScore score, SpanContext context, @Nullable String interaction, @Nullable String response) {
        if (!score.isFailure()) {
            return;
        }
        String ofInteraction = Names.ofInteraction(interaction);
        String ofResponse = Names.ofResponse(response);
        String traceId = context.getTraceId();
        deciding(due -> {
            HeldTrace current = undecided.get(traceId);
            boolean told = current != null && ofResponse != null && current.names.contains(ofResponse);
            boolean known = tell(ofInteraction, due)
                    || (told ? keepOrCount(current, null, due) : tell(ofResponse, due))
                    || (interaction == null && keepOrCount(current, decisions.get(traceId), due));
            counts.lateScores += known ? 0 : 1;
        });
    }

    /** Keeps the trace of this interaction, whether its first call was made already or will be. */
    void keep(String interactionId) {
        String name = Names.INTERACTION + interactionId;
        deciding(due -> {
            if (!tell(name, due)) {
                wanted.put(name, true);
            }
        });
    }

    /** Whether something is known of this name. */
    private boolean tell(@Nullable String name, List<Release> due) {
        return name != null && keepOrCount(byName.get(name), decidedNames.get(name), due);
    }

    private boolean keepOrCount(@Nullable HeldTrace trace, @Nullable SamplingDecision decision, List<Release> due) {
        if (trace != null) {
            keep(trace, due);
        } else if (decision != null) {
            counts.lateScores += decision.passes() ? 0 : 1;
        }
        return trace != null || decision != null;
    }

    private void keep(HeldTrace trace, List<Release> due) {
        trace.kept = true;
        place(trace);
        if (outlet.hasRoomFor(trace.ended.size())) {
            decide(trace, due);
        } else {
            kept.put(trace.traceId, trace);
        }
    }

    /** Decides those that have waited long enough. */
    void decideDue() {
        deciding(this::decideDue);
    }

    private void decideDue(List<Release> due) {
        while (!kept.isEmpty() && outlet.hasRoomFor(first(kept).ended.size())) {
            decide(first(kept), due);
        }
        decideDue(complete, due);
        decideDue(lingering, due);
        while (heldSpans > maxSpans || heldBytes > maxBytes) {
            counts.earlyTraces++;
            decide(first(!complete.isEmpty() ? complete : !lingering.isEmpty() ? lingering : undecided), due);
        }
    }

    private void decideDue(Map<String, HeldTrace> waiting, List<Release> due) {
        long now = waiting.isEmpty() ? 0 : time.nanos();
        while (!waiting.isEmpty() && first(waiting).dueNanos - now <= 0) {
            HeldTrace trace = first(waiting);
            if (decisionOn(trace).passes() && !outlet.hasRoomFor(trace.ended.size())) {
                return;
            }
            decide(trace, due);
        }
    }

    private static HeldTrace first(Map<String, HeldTrace> traces) {
        return traces.values().iterator().next();
    }

    private SamplingDecision decisionOn(HeldTrace trace) {
        return trace.kept ? SamplingDecision.KEEP : SamplingDecision.byShare(share, trace.traceId);
    }

    private void decide(HeldTrace trace, List<Release> due) {
        SamplingDecision decision = decisionOn(trace);
        if (trace.kept) {
            counts.keptTraces++;
        } else if (decision.passes()) {
            counts.sampledTraces++;
        } else {
            counts.droppedTraces++;
        }
        for (Map<String, HeldTrace> of : List.of(undecided, kept, complete, lingering)) {
            of.remove(trace.traceId);
        }
        heldSpans -= trace.started;
        heldBytes -= trace.bytes;
        decisions.put(trace.traceId, decision, trace.open);
        for (String name : trace.names) {
            byName.remove(name, trace);
            decidedNames.put(name, decision);
        }
        release(trace.ended, decision, due);
    }

    private void release(List<ReadableSpan> spans, SamplingDecision decision, List<Release> due) {
        if (decision.passes()) {
            counts.passedSpans += spans.size();
            Release release = new Release(spans, decision);
            outlet.promise(release);
            due.add(release);
        } else {
            counts.droppedSpans += spans.size();
        }
    }

    /** Does something under the lock, and after it passes on what that lets go. */
    private void deciding(Consumer<List<Release>> work) {
        decided(work).forEach(outlet::pass);
    }

    private List<Release> decided(Consumer<List<Release>> work) {
        List<Release> due = new ArrayList<>(1);
        synchronized (lock) {
            work.accept(due);
        }
        return due;
    }

    CompletableResultCode flush() {
        outlet.drain(decided(due -> {
            List.copyOf(kept.values()).forEach(trace -> decide(trace, due));
            List.copyOf(complete.values()).forEach(trace -> decide(trace, due));
        }));
        return outlet.next.forceFlush();
    }

    CompletableResultCode shutdown() {
        outlet.drain(decided(due -> {
            closed = true;
            List.copyOf(kept.values()).forEach(trace -> decide(trace, due));
            List.copyOf(undecided.values()).forEach(trace -> decide(trace, due));
        }));
        return outlet.next.shutdown();
    }

    Map<String, Double> figures() {
        synchronized (lock) {
            return counts.figures(undecided.values());
        }
    }
}
