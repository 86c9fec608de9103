package dev.plinth.tracing;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.context.Step;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The span of one call, or of an interaction. It belongs to the call and may be ended on any thread; a second end is
 * passed over. What layers do for the call becomes its children.
 */
final class CallSpan {

    private static final ContextKey<CallSpan> KEY = ContextKey.named("dev.plinth.tracing.call");

    private final Telemetry telemetry;
    private final Span span;
    private final TracePosition position;
    private final @Nullable Interaction interaction;
    private final boolean reportedElsewhere;
    /** What is known of the call at its end, for an event that has the content; empty when none is written. */
    private final Map<AttributeKey<?>, Object> told = new ConcurrentHashMap<>();

    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean notable;
    private volatile boolean fromCache;

    CallSpan(
            Telemetry telemetry,
            Span span,
            Context parent,
            @Nullable Interaction interaction,
            boolean reportedElsewhere) {
        this.telemetry = telemetry;
        this.span = span;
        this.position = new TracePosition(parent.with(span).with(KEY, this));
        this.interaction = interaction;
        this.reportedElsewhere = reportedElsewhere;
    }

    /** Whether what the conventions have names for is told by another instrumentation, and not here. */
    boolean isReportedElsewhere() {
        return reportedElsewhere;
    }

    SpanContext address() {
        return span.getSpanContext();
    }

    /** Whether there is an SDK that wants to hear of what happens within the call. */
    private boolean isWorthCarrying() {
        return telemetry.metered || span.getSpanContext().isValid();
    }

    /** Whether a guardrail has found something. */
    boolean isNotable() {
        return notable;
    }

    /** Whether a cache has given the answer, or another call for the same. */
    boolean isFromCache() {
        return fromCache;
    }

    boolean isOpen() {
        return !ended.get();
    }

    /** The innermost call that this context was made in, or null. */
    static @Nullable CallSpan around(Context inner) {
        return inner.get(KEY);
    }

    /** The context for what runs within the call. */
    Context context() {
        return position.context();
    }

    /** The context for the calls within this one. */
    CallContext carriedBy(CallContext call) {
        return isWorthCarrying() ? position.carriedBy(call) : call;
    }

    /** Whether the call is a part of this interaction; of none when it is null. */
    boolean belongsTo(@Nullable Interaction other) {
        return interaction == other;
    }

    <T> void set(AttributeKey<T> key, @Nullable T value) {
        if (value != null && !(reportedElsewhere && key.getKey().startsWith("gen_ai."))) {
            span.setAttribute(key, value);
            if (telemetry.contentWriter.writesEvents()) {
                told.put(key, value);
            }
        }
    }

    void usage(Usage usage) {
        set(GenAi.INPUT_TOKENS, usage.input());
        set(GenAi.OUTPUT_TOKENS, usage.output());
        set(GenAi.CACHE_READ_TOKENS, usage.cachedInput());
        set(telemetry.vocabulary.cacheWriteTokens(), usage.cacheWrite());
        set(GenAi.REASONING_TOKENS, usage.reasoning());
        if (usage.source() == Usage.Source.ESTIMATED && !reportedElsewhere) {
            set(PlinthAttributes.USAGE_ESTIMATED, true);
        }
    }

    void set(AttributeKey<Long> key, OptionalLong count) {
        if (count.isPresent()) {
            set(key, count.getAsLong());
        }
    }

    void cost(@Nullable Cost cost) {
        if (cost != null) {
            set(PlinthAttributes.COST_AMOUNT, cost.amount().doubleValue());
            set(PlinthAttributes.COST_CURRENCY, cost.currency().getCurrencyCode());
            set(PlinthAttributes.COST_PRICE_DATE, cost.priceDate().toString());
        }
    }

    /** The tries it took. */
    void attempts(List<Attempt> attempts) {
        AttemptSpans.write(telemetry, this, attempts);
    }

    /** A layer did something for the call. */
    void ended(Step step) {
        telemetry.guard.run(() -> write(step));
    }

    private void write(Step step) {
        if (step instanceof Step.CacheLookup lookup) {
            fromCache |=
                    lookup.result() == Step.CacheLookup.Result.HIT || lookup.result() == Step.CacheLookup.Result.SHARED;
        }
        if (telemetry.metered) {
            telemetry.meters.step(step);
        }
        if (step instanceof Step.GuardrailCheck check && check.verdict() != Step.GuardrailCheck.Verdict.PASSED) {
            notable = true;
        }
        if (span.isRecording() || !isOpen()) {
            StepSpan.write(telemetry, context(), step);
        }
    }

    /** A place within the call, in headers. */
    Map<String, String> headers(Context context) {
        return telemetry.guard.get(() -> TraceContext.write(telemetry.propagator, context), Map.of());
    }

    /** The error, as its type: the message is not ours when a tool or a stranger's adapter throws. */
    void error(String type) {
        set(GenAi.ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR);
        for (Dialect dialect : telemetry.dialects) {
            dialect.failed(this, type);
        }
    }

    /** Whether attributes are worth computing: somebody may keep the span. */
    boolean isRecording() {
        return span.isRecording();
    }

    /** What was set since the start, if content goes to events. */
    Map<AttributeKey<?>, Object> told() {
        return told;
    }

    /**
     * Ends it, with what is known at the end.
     *
     * @param time when it was over
     * @return whether this was its end
     */
    boolean endAt(Instant time, Runnable last) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        telemetry.guard.run(last);
        telemetry.guard.run(() -> span.end(time));
        return true;
    }
}
