package dev.plinth.tracing.conformance;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One version of OpenTelemetry's GenAI conventions, to hold against it what was really emitted. Each check returns the
 * problems in words, none when all is well.
 *
 * @param anywhere keys that may stand on any span or record
 * @param renamed keys and metrics of earlier versions, with what stands for them now
 */
public record Registry(
        String schemaUrl,
        Map<String, Attribute> attributes,
        Map<String, String> renamed,
        Set<String> anywhere,
        Map<String, SpanType> spans,
        Map<String, EventType> events,
        Map<String, MetricType> metrics,
        MessageSchemas schemas) {

    /** Loads {@code 1.41} or {@code genai-0.1}. */
    public static Registry load(String version) {
        return RegistryFile.read(version);
    }

    /** A finished span. */
    public List<String> check(SpanData span) {
        return new SpanCheck(this, span).problems();
    }

    /** The attributes a span was started with, which are those that samplers see. */
    public List<String> checkStart(Attributes started, SpanData span) {
        return new SpanCheck(this, span).startProblems(started);
    }

    /** A metric with its points. */
    public List<String> check(MetricData metric) {
        return new MetricCheck(this, metric).problems();
    }

    /** An event. */
    public List<String> check(LogRecordData event) {
        return new EventCheck(this, event).problems();
    }

    /** The attribute with this key, or null. */
    @Nullable
    Attribute attribute(String key) {
        Attribute exact = attributes.get(key);
        if (exact != null && !exact.template()) {
            return exact;
        }
        return attributes.values().stream()
                .filter(attribute -> attribute.template() && key.startsWith(attribute.key() + "."))
                .findFirst()
                .orElse(null);
    }

    /** The types of spans for an operation; none when the conventions do not know it. */
    Stream<SpanType> spansFor(@Nullable String operation) {
        return spans.values().stream().filter(type -> type.operations().contains(operation));
    }

    /** @param sampling the attributes that are to be there when the span starts */
    record SpanType(Set<String> operations, Set<String> kinds, String name, Set<String> sampling, Levels levels) {}

    /** @param severity of the record; null: any */
    record EventType(@Nullable String severity, Levels levels) {}

    /**
     * @param value {@code int} or {@code double}
     * @param buckets the boundaries of a histogram; empty for a counter
     * @param notFor operations that another metric is for
     */
    record MetricType(
            String instrument, String unit, String value, List<Double> buckets, Set<String> notFor, Levels levels) {}
}
