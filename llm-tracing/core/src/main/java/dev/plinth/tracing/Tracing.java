package dev.plinth.tracing;

import dev.plinth.api.check.Check;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.time.TimeSource;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes spans of calls: one tree for an {@link dev.plinth.api.context.Interaction} and all its sub-calls, on whichever
 * threads they run.
 *
 * <pre>{@code
 * Platform platform = Platform.builder()
 *     .chat("support", model)
 *     .layer(Tracing.layer(openTelemetry))
 *     .build();
 * }</pre>
 *
 * <p>What it makes, after the GenAI conventions of OpenTelemetry:
 *
 * <ul>
 *   <li>for an interaction a span of its name, made at its first call as a child of the OpenTelemetry context that is
 *       current there, and ended when the interaction is closed;
 *   <li>for each call one span with all its retries: {@code chat}, {@code embeddings}, {@code rerank},
 *       {@code retrieval}, {@code execute_tool}. Its parent is the call around it by {@code CallContext}, not by
 *       thread; else the interaction; else the OpenTelemetry context that is current. A span that the application made
 *       within a call, on the same thread, stays in between;
 *   <li>the span of a stream ends with the stream: read to the end, failed, or closed. A closed one is no error; it has
 *       {@code plinth.cancelled}.
 * </ul>
 *
 * <p>{@code error.type} is the code of an {@code LlmException}, {@code tool_error} for a tool that reports a failure,
 * else the name of the exception's class. Messages of errors are not recorded.
 *
 * <p>No content is recorded: no prompts, answers, tool arguments, queries, or texts of errors; nor is the user.
 */
public final class Tracing {

    private Tracing() {}

    /** A layer that makes spans. Thread-safe. What it is given stays the caller's to close. */
    public static Layer layer(OpenTelemetry openTelemetry) {
        return layer(openTelemetry, TimeSource.system());
    }

    /**
     * A layer that makes spans.
     *
     * @param time measures the time to the first chunk; the times of spans are the SDK's own
     */
    public static Layer layer(OpenTelemetry openTelemetry, TimeSource time) {
        Check.notNull(openTelemetry, "openTelemetry");
        Check.notNull(time, "time");
        return new TracingLayer(new Spans(openTelemetry), time);
    }

    /**
     * Publishes figures as gauges: each under its name with {@code plinth.} before it, its value the newest one given.
     *
     * <pre>{@code
     * Consumer<Map<String, Double>> gauges = Tracing.gauges(openTelemetry);
     * gauges.accept(indexHealth.measure().figures());
     * }</pre>
     *
     * <p>Every name becomes a time series for as long as the SDK lives, so let there be few. Thread-safe.
     */
    public static Consumer<Map<String, Double>> gauges(OpenTelemetry openTelemetry) {
        return gauges(openTelemetry, Attributes.empty());
    }

    /**
     * The same with attributes that tell one subject from others, such as the name of an index: two subjects with the same
     * attributes would overwrite each other.
     */
    public static Consumer<Map<String, Double>> gauges(OpenTelemetry openTelemetry, Attributes attributes) {
        return new Gauges(Check.notNull(openTelemetry, "openTelemetry"), Check.notNull(attributes, "attributes"));
    }
}
