package dev.plinth.tracing.sdk;

import dev.plinth.api.check.Check;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest traces, kept in this process: what happened, without a server to ask.
 *
 * <pre>{@code
 * LocalTraces traces = LocalTraces.create();
 * SdkTracerProvider tracers =
 *     SdkTracerProvider.builder().addSpanProcessor(traces.spanProcessor()).build();
 * SdkLoggerProvider loggers =
 *     SdkLoggerProvider.builder().addLogRecordProcessor(traces.logRecordProcessor()).build();
 * ...
 * traces.recent(10).forEach(tree -> tree.lines().forEach(console::println));
 * }</pre>
 *
 * <p>It keeps within bounds: when one is passed, the oldest trace goes as a whole, running or not; those first that are
 * over and had nothing to do with models, such as health checks. Spans that run are in
 * the trees and marked; spans that were never ended, or whose parent is not known, are marked and counted. The parent of the
 * first span of a trace may be of another SDK in this process, such as an agent's: then that is no loss. Judgements
 * ({@code gen_ai.evaluation.result}) are joined to the span of the answer they name, else to the span in whose context
 * they were told, else to the interaction, however much later they come.
 *
 * <p>Thread-safe. Nothing is rendered, and no thread waits, while spans start and end.
 */
public final class LocalTraces {

    private final TraceStore store;

    private LocalTraces(Builder builder) {
        this.store = new TraceStore(builder.maxTraces, builder.maxSpansPerTrace, builder.maxBytes);
    }

    /** With the bounds that a {@link #builder()} begins with. */
    public static LocalTraces create() {
        return builder().build();
    }

    /** A builder: 256 traces, 2,000 spans of each, 64 MiB. */
    public static Builder builder() {
        return new Builder();
    }

    /** What the SDK has to tell of spans. */
    public SpanProcessor spanProcessor() {
        return new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {
                store.started(span);
            }

            @Override
            public boolean isStartRequired() {
                return true;
            }

            @Override
            public void onEnd(ReadableSpan span) {
                store.ended(span);
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }
        };
    }

    /** What the SDK has to tell of judgements; all other log records are passed over. */
    public LogRecordProcessor logRecordProcessor() {
        return new LogRecordProcessor() {
            @Override
            public void onEmit(Context context, ReadWriteLogRecord record) {
                if (TraceScore.isScore(record)) {
                    store.judged(record);
                }
            }
        };
    }

    /**
     * The last interactions, the one that began last first. A call outside of any counts as one; a trace of such calls only
     * counts as one, too, and one that has nothing to do with models is not among them.
     *
     * @param most how many at most
     */
    public List<TraceTree> recent(int most) {
        Check.positive(most, "most");
        List<TraceTree> trees = new ArrayList<>();
        for (StoredTrace.Snapshot trace : store.newest(most)) {
            trees.addAll(new TreeBuilder(trace).interactions());
        }
        trees.sort(Comparator.comparing((TraceTree tree) -> tree.roots().get(0).startedAt())
                .reversed());
        return List.copyOf(trees.subList(0, Math.min(most, trees.size())));
    }

    /** The interaction of this id; empty when it is not known or not any more. */
    public Optional<TraceTree> interaction(String id) {
        Check.notNull(id, "id");
        return store.ofInteraction(id).flatMap(trace -> new TreeBuilder(trace).interaction(id));
    }

    /** All of the trace of this id; empty when it is not known or not any more. */
    public Optional<TraceTree> trace(String traceId) {
        Check.notNull(traceId, "traceId");
        return store.ofTrace(traceId).map(trace -> new TreeBuilder(trace).whole());
    }

    /**
     * How it does, for {@link dev.plinth.tracing.Tracing#gauges}: {@code tracing.local.} with {@code traces} and {@code traces.evicted};
     * {@code spans}, {@code spans.started}, {@code spans.dropped} (what was started and is not there any more),
     * {@code spans.orphaned} (the parent is not known) and {@code spans.unended} (the root has ended) of the traces that
     * are there; {@code scores.unmatched}; {@code bytes}, roughly.
     */
    public Map<String, Double> figures() {
        return store.figures();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private int maxTraces = 256;
        private int maxSpansPerTrace = 2_000;
        private long maxBytes = 64L << 20;

        private Builder() {}

        /** How many traces are kept. */
        public Builder maxTraces(int maxTraces) {
            this.maxTraces = Check.positive(maxTraces, "maxTraces");
            return this;
        }

        /** How many spans of one trace are kept, the first ones; the others are counted. */
        public Builder maxSpansPerTrace(int maxSpansPerTrace) {
            this.maxSpansPerTrace = Check.positive(maxSpansPerTrace, "maxSpansPerTrace");
            return this;
        }

        /** How many bytes all of it may take, roughly. */
        public Builder maxBytes(long maxBytes) {
            this.maxBytes = Check.positive(maxBytes, "maxBytes");
            return this;
        }

        /** The store, empty. */
        public LocalTraces build() {
            return new LocalTraces(this);
        }
    }
}
