package dev.plinth.tracing;

import dev.plinth.api.context.Interaction;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The span of one call, or of an interaction. It belongs to the call and may be ended on any thread; a second end is
 * passed over.
 */
final class CallSpan {

    private static final ContextKey<CallSpan> KEY = ContextKey.named("dev.plinth.tracing.call");

    private final Span span;
    private final Context context;
    private final @Nullable Interaction interaction;
    private final AtomicBoolean ended = new AtomicBoolean();

    CallSpan(Span span, Context parent, @Nullable Interaction interaction) {
        this.span = span;
        this.context = parent.with(span).with(KEY, this);
        this.interaction = interaction;
    }

    /** Whether there is an SDK that made it. */
    boolean isValid() {
        return span.getSpanContext().isValid();
    }

    boolean isOpen() {
        return !ended.get();
    }

    /** The context for what runs within the call. */
    Context context() {
        return context;
    }

    /** Whether the call is a part of this interaction; of none when it is null. */
    boolean belongsTo(@Nullable Interaction other) {
        return interaction == other;
    }

    /** Whether this is the innermost call that the context was made in. Spans of others may stand in between. */
    boolean isAround(Context inner) {
        return inner.get(KEY) == this;
    }

    <T> void set(AttributeKey<T> key, @Nullable T value) {
        if (value != null) {
            span.setAttribute(key, value);
        }
    }

    void usage(Usage usage) {
        set(SpanAttributes.INPUT_TOKENS, usage.input());
        set(SpanAttributes.OUTPUT_TOKENS, usage.output());
        set(SpanAttributes.CACHE_READ_TOKENS, usage.cachedInput());
        set(SpanAttributes.CACHE_WRITE_TOKENS, usage.cacheWrite());
        set(SpanAttributes.REASONING_TOKENS, usage.reasoning());
        if (usage.source() == Usage.Source.ESTIMATED) {
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
        }
    }

    /** Ends it now, with what is known at the end. */
    void endWith(Runnable attributes) {
        end(attributes, span::end);
    }

    /** Ends it at this time, with what is known at the end. */
    void endAt(Instant time, Runnable attributes) {
        end(attributes, () -> span.end(time));
    }

    private void end(Runnable attributes, Runnable ending) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        try {
            // Attributes are not computed for a span that nobody keeps.
            if (span.isRecording()) {
                attributes.run();
            }
        } finally {
            ending.run();
        }
    }

    void endCancelled() {
        endWith(() -> set(PlinthAttributes.CANCELLED, true));
    }

    void endFailed(Throwable failure) {
        if (failure instanceof CancelledException) {
            endCancelled();
            return;
        }
        endWith(() -> {
            if (failure instanceof LlmException known) {
                usage(known.partialUsage());
            }
            error(errorType(failure));
        });
    }

    /** The message stays out: it is not ours when a tool or a stranger's adapter throws. */
    void error(String type) {
        set(SpanAttributes.ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR);
    }

    private static String errorType(Throwable failure) {
        if (failure instanceof LlmException known) {
            return known.code();
        }
        String name = failure.getClass().getCanonicalName();
        return name == null ? "_OTHER" : name;
    }
}
