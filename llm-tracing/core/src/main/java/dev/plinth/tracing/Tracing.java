package dev.plinth.tracing;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Interaction;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import dev.plinth.api.time.TimeSource;
import dev.plinth.tracing.content.ContentCapture;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Tells OpenTelemetry what calls do: one tree of spans for an {@link Interaction} and all its
 * sub-calls, on whichever threads they run, metrics of all calls, and judgements that come later.
 *
 * <pre>{@code
 * Tracing tracing = Tracing.of(openTelemetry);
 * Platform platform = Platform.builder()
 *     .chat("support", model)
 *     .layer(tracing.layer())
 *     .build();
 * }</pre>
 *
 * <p>Spans, after the GenAI conventions of OpenTelemetry:
 *
 * <ul>
 *   <li>for an interaction that calls something a span of its name, as long as the interaction. It belongs to the span
 *       that is current where the interaction starts, or to the trace that was {@linkplain #join joined};
 *   <li>for each call one span with all its retries: {@code chat}, {@code embeddings}, {@code rerank},
 *       {@code retrieval}, {@code execute_tool}. Its parent is the call around it by {@code CallContext}, not by
 *       thread; else the interaction; else the span that is current. It is itself current on every thread while that
 *       works for the call, and where the context of the call is made current. A span that the application made within a
 *       call stays in between, on the same thread or {@linkplain CallContext#captured captured};
 *   <li>below a call what layers did for it ({@code cache}, {@code guardrail}), and its tries if there were several
 *       ({@code attempt}), with the times they had. A call that was tried once says where it went and why;
 *   <li>the span of a stream ends with the stream: read to the end, failed, or closed. A closed one is no error; it has
 *       {@code plinth.cancelled}.
 * </ul>
 *
 * <p>Metrics: durations, times to the first and between pieces, tokens by kind, after the conventions; cost, cache
 * lookups and savings, guardrail checks, retries, evaluation results and interactions under {@code plinth.}. Of each label
 * the first 100 values are kept apart, all others are {@code _OTHER}; servers beyond them are left out. An answer out of
 * the application's own cache counts as a lookup, not as a call of a model.
 *
 * <p>{@code error.type} is the code of an {@code LlmException}, {@code tool_error} for a tool that reports a failure,
 * else the name of the exception's class. A failed call of a model is also an event,
 * {@code gen_ai.client.operation.exception}. Messages of errors are not recorded.
 *
 * <p>What goes wrong in here, in a sampler, a processor, a redactor or an upload, harms no call; it is counted in
 * {@code plinth.tracing.failures}. One platform has one tracing: several back ends are several exporters of one SDK.
 *
 * <p>No content is recorded unless {@linkplain Builder#content asked for}: no prompts, answers, tool arguments or
 * queries; texts of errors and the user never are.
 *
 * <p>Thread-safe. What it is given stays the caller's to close.
 */
public final class Tracing {

    private final OpenTelemetry openTelemetry;
    private final Telemetry telemetry;
    private final ScoreEvents scores;

    private Tracing(Builder builder) {
        Set<Conventions> metrics = EnumSet.of(builder.conventions);
        metrics.addAll(builder.alsoMetrics);
        this.openTelemetry = builder.openTelemetry;
        this.telemetry = new Telemetry(
                builder.openTelemetry,
                builder.conventions,
                metrics,
                new SpanAddresses(builder.remembered),
                builder.content,
                builder.contentAsEvents,
                Dialect.of(builder.backEnds),
                builder.reportedElsewhere,
                builder.time);
        this.scores = new ScoreEvents(telemetry);
    }

    /** Tracing with the defaults: the newest conventions, no content. */
    public static Tracing of(OpenTelemetry openTelemetry) {
        return builder(openTelemetry).build();
    }

    /** A builder with the defaults. */
    public static Builder builder(OpenTelemetry openTelemetry) {
        return new Builder(Check.notNull(openTelemetry, "openTelemetry"));
    }

    /** The layer that makes spans and metrics of calls. */
    public Layer layer() {
        return new TracingLayer(telemetry);
    }

    /**
     * Takes judgements of outputs, whenever they come: each becomes a {@code gen_ai.evaluation.result} event and counts
     * in the metrics. It is joined to the span of the interaction or the answer if that is among the last ones
     * remembered; it carries the id in any case, so that a back end can join it.
     *
     * <pre>{@code
     * Feedback said = feedback.thumb("click-81", Target.interaction(id), "user-7", Thumb.DOWN);
     * tracing.scores().accept(said.score());
     * }</pre>
     *
     * <p>Explanations are not recorded: they tend to quote what was judged.
     */
    public Consumer<Score> scores() {
        return scores;
    }

    /**
     * Where the span of an interaction is, as a W3C {@code traceparent}, whatever the application propagates: to keep
     * beside the answer, for judgements that come after a restart or in another process. Empty before the first call of
     * the interaction, without an SDK, and for an interaction that is not among those {@linkplain Builder#remembered
     * remembered} any more.
     */
    public Optional<String> traceparent(Interaction interaction) {
        Target target =
                Target.interaction(Check.notNull(interaction, "interaction").id());
        return Optional.ofNullable(telemetry.addresses.find(target)).map(TraceContext::traceparentOf);
    }

    /**
     * A judgement of something whose span is known by a W3C {@code traceparent}, as {@link #traceparent} tells it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public void score(Score score, String traceparent) {
        Check.notNull(score, "score");
        scores.write(score, TraceContext.spanOf(Check.notNull(traceparent, "traceparent")));
    }

    /**
     * The context as a part of the trace that a caller told in the headers of its request, after W3C Trace Context:
     * what is called with it belongs there, and to a span that is current only if that is of the same trace. Headers that
     * tell of none change nothing.
     *
     * @param headers names in lower case
     */
    public CallContext join(CallContext context, Map<String, String> headers) {
        Check.notNull(context, "context");
        Check.notNull(headers, "headers");
        Context caller = telemetry.guard.get(() -> TraceContext.read(telemetry.propagator, headers), Context.root());
        return caller == Context.root() ? context : new TracePosition(caller).carriedBy(context);
    }

    /**
     * Publishes figures as gauges: each under its name with {@code plinth.} before it, its value the newest one given.
     *
     * <pre>{@code
     * Consumer<Map<String, Double>> gauges = tracing.gauges(Attributes.of(stringKey("index"), "handbook"));
     * gauges.accept(indexHealth.measure().figures());
     * }</pre>
     *
     * <p>Every name becomes a time series for as long as the SDK lives, so let there be few.
     *
     * @param attributes tell one subject from others: two with the same attributes would overwrite each other
     */
    public Consumer<Map<String, Double>> gauges(Attributes attributes) {
        return new Gauges(openTelemetry, Check.notNull(attributes, "attributes"));
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final OpenTelemetry openTelemetry;
        private final Set<Conventions> alsoMetrics = EnumSet.noneOf(Conventions.class);
        private Conventions conventions = Conventions.newest();
        private int remembered = 10_000;
        private ContentCapture content = ContentCapture.NONE;
        private boolean contentAsEvents;
        private final Set<Compatibility> backEnds = EnumSet.noneOf(Compatibility.class);
        private Predicate<? super ModelInfo> reportedElsewhere = info -> false;
        private TimeSource time = TimeSource.system();

        private Builder(OpenTelemetry openTelemetry) {
            this.openTelemetry = openTelemetry;
        }

        /** The version of the conventions that spans, events and metrics follow; the newest by default. */
        public Builder conventions(Conventions conventions) {
            this.conventions = Check.notNull(conventions, "conventions");
            return this;
        }

        /** Records the metrics of this version, too: for dashboards that have not moved yet. */
        public Builder alsoMetricsOf(Conventions conventions) {
            this.alsoMetrics.add(Check.notNull(conventions, "conventions"));
            return this;
        }

        /** What of the content of calls is recorded; nothing by default. */
        public Builder content(ContentCapture content) {
            this.content = Check.notNull(content, "content");
            return this;
        }

        /**
         * Records content in events beside the spans, structured, and not on the spans: for back ends that keep logs under
         * other rules.
         */
        public Builder contentAsEvents() {
            this.contentAsEvents = true;
            return this;
        }

        /** Speaks the words of this back end, too: what of it is content only if content is recorded on spans. */
        public Builder compatibleWith(Compatibility backEnd) {
            this.backEnds.add(Check.notNull(backEnd, "backEnd"));
            return this;
        }

        /**
         * The models whose calls something else reports already, such as the Java agent for adapters over a vendor's SDK.
         * Their spans stay in the tree as internal ones with {@link PlinthAttributes#REPORTED_ELSEWHERE}, without what
         * the conventions have names for: model, tokens, content, which the other's span within has. Their metrics are
         * left to the other, too, but for those under {@code plinth.}, such as the cost. None by default; where the agent
         * is seen to report a model as well, an event {@code plinth.reported_twice} warns of it once.
         */
        public Builder reportedElsewhere(Predicate<? super ModelInfo> models) {
            this.reportedElsewhere = Check.notNull(models, "reportedElsewhere");
            return this;
        }

        /** How many interactions and answers late judgements find the spans of; 10,000 by default, some 3 MB. */
        public Builder remembered(int spans) {
            this.remembered = Check.positive(spans, "remembered");
            return this;
        }

        /** The clock that the times of spans and of pieces are told from; the machine's by default. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The tracing. */
        public Tracing build() {
            return new Tracing(this);
        }
    }
}
