package dev.plinth.tracing.sdk;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Samples traces by what came of them: keeps every one that is worth a look, and a share of the others.
 *
 * <pre>{@code
 * TailSampling sampling = TailSampling.builder(export.spanProcessor(), 0.05)
 *     .waitFor(Duration.ofMinutes(2))
 *     .build();
 * SdkTracerProvider tracers =
 *     SdkTracerProvider.builder().addSpanProcessor(sampling.spanProcessor()).build();
 * SdkLoggerProvider loggers =
 *     SdkLoggerProvider.builder().addLogRecordProcessor(sampling.logRecordProcessor()).build();
 * }</pre>
 *
 * <p>Kept are traces with an error (a failed try of a call that succeeds in the end is one), with a guardrail that did not
 * simply pass, with a judgement that says fail (a thumb down is one), and those that {@link Builder#keepIf} names. Of the
 * others the share is passed on, and each of their spans says in {@code plinth.sampling.weight} for how many traces it
 * stands, so that sums of weights, where a span without one counts 1, estimate what there really was; or, when a sampler
 * of the SDK drops traces at their start, what that one let through.
 *
 * <p>The spans of a trace are held back until it has shown that it is to be kept, or no span of it runs any more and the
 * wait for judgements is over. A span that still runs ten minutes after those around it have ended, such as one that is
 * never ended, is not waited for. What ends later follows the decision. The end of the wait is noticed when any span
 * starts or ends; in an application that falls silent call {@link #decideDue}. When too many spans are held back, a trace
 * is decided early by what is known of it: the oldest that only waits, else the oldest. Decisions are remembered while
 * their trace runs, and on the newest 10,000 others or more.
 *
 * <p>A trace that the queue of a {@link TraceExport} has no room for waits until there is some, a trace that is kept
 * before the others. A flush and the end pass everything on by and by, and wait for the exporter for at most five seconds.
 *
 * <p>Thread-safe. Starts no thread.
 */
public final class TailSampling {

    private final TailSampler sampler;

    private TailSampling(Builder builder) {
        this.sampler = new TailSampler(builder);
    }

    /**
     * A builder: no wait, at most 20,000 spans held back, and 64 MiB.
     *
     * @param next gets the spans that are passed on, when they have ended; a batch processor. It is flushed and shut down
     *     with this
     * @param share of the traces that nothing speaks for keeping, 0 to 1
     */
    public static Builder builder(SpanProcessor next, double share) {
        return new Builder(next, share);
    }

    /** What the SDK has to tell of spans. */
    public SpanProcessor spanProcessor() {
        return new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {
                sampler.started(span);
            }

            @Override
            public boolean isStartRequired() {
                return true;
            }

            @Override
            public void onEnd(ReadableSpan span) {
                sampler.ended(span);
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }

            /** Decides all traces that only wait for judgements. */
            @Override
            public CompletableResultCode forceFlush() {
                return sampler.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return sampler.shutdown();
            }
        };
    }

    /** What the SDK has to tell of judgements; all other log records are passed over, and none is sampled. */
    public LogRecordProcessor logRecordProcessor() {
        return new LogRecordProcessor() {
            @Override
            public void onEmit(Context context, ReadWriteLogRecord record) {
                if (TraceScore.isScore(record)) {
                    sampler.judged(
                            TraceScore.of(record),
                            record.getSpanContext(),
                            record.getAttribute(PlinthAttributes.INTERACTION_ID),
                            record.getAttribute(GenAi.RESPONSE_ID));
                }
            }
        };
    }

    /** Keeps the trace of this interaction, unless it is decided already. It may not have begun yet. */
    public void keep(String interactionId) {
        sampler.keep(Check.notNull(interactionId, "interactionId"));
    }

    /** Decides the traces whose wait is over. */
    public void decideDue() {
        sampler.decideDue();
    }

    /**
     * What became of everything, for {@link dev.plinth.tracing.Tracing#gauges}: {@code tracing.sampling.traces.} with {@code kept},
     * {@code sampled}, {@code dropped}, {@code undecided} and {@code early} (decided since too many spans were held back;
     * counted in the others, too); {@code tracing.sampling.spans.} with {@code in}, which is the sum of {@code passed},
     * {@code dropped}, {@code late} (nothing is known of the trace, or all is over) and {@code pending}; {@code tracing.sampling.scores.late}
     * (bad ones of traces that were dropped or are not known).
     */
    public Map<String, Double> figures() {
        return sampler.figures();
    }

    /** Not thread-safe. */
    public static final class Builder {
        final SpanProcessor next;
        final double share;
        /** What takes the spans in the end, as far as it is known. */
        List<SpanQueue> queues;

        Duration waitFor = Duration.ZERO;
        int maxSpans = 20_000;
        long maxBytes = 64L << 20;
        Predicate<? super SpanData> keepIf = span -> false;
        TimeSource time = TimeSource.system();

        private Builder(SpanProcessor next, double share) {
            this.next = Check.notNull(next, "next");
            this.queues = next instanceof SpanQueue queue ? List.of(queue) : List.of();
            Check.that(!next.isStartRequired(), "next", next, "a processor of ended spans, such as a batch processor");
            this.share = Check.within(share, 0, 1, "share");
        }

        /** How long a trace waits for judgements after its end, at most a day; not at all unless set. */
        public Builder waitFor(Duration judgements) {
            Check.notNull(judgements, "waitFor");
            boolean sane = !judgements.isNegative() && judgements.compareTo(Duration.ofDays(1)) <= 0;
            Check.that(sane, "waitFor", judgements, "0 to 24 hours");
            this.waitFor = judgements;
            return this;
        }

        /** How many spans of traces that are not decided there may be, running or held back. */
        public Builder maxSpans(int maxSpans) {
            this.maxSpans = Check.positive(maxSpans, "maxSpans");
            return this;
        }

        /** How many bytes the spans that are held back may take, roughly. */
        public Builder maxBytes(long maxBytes) {
            this.maxBytes = Check.positive(maxBytes, "maxBytes");
            return this;
        }

        /** Keeps traces with such a span, too, such as a slow or a costly one. Asked of each span at its end. */
        public Builder keepIf(Predicate<? super SpanData> keepIf) {
            this.keepIf = Check.notNull(keepIf, "keepIf");
            return this;
        }

        /** The clock of the wait. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The sampling. */
        public TailSampling build() {
            return new TailSampling(this);
        }
    }
}
