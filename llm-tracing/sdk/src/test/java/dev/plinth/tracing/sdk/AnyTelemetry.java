package dev.plinth.tracing.sdk;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Spans and log records with whatever the SDK lets be in them. */
final class AnyTelemetry {

    private AnyTelemetry() {}

    /** Any text, half surrogate pairs, control characters and emoji among it. */
    static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12),
                Arbitraries.of(
                        "", "\"\\\n\r\t\b\u0000", "naïve ΩЖ 日本", "🙂", "a\uD800b", "\uDC00", "\u2028\uFEFF\uFFFF"));
    }

    static Arbitrary<SpanContext> contexts() {
        return Combinators.combine(
                        hex(32),
                        hex(16),
                        Arbitraries.of(TraceFlags.getDefault(), TraceFlags.getSampled()),
                        Arbitraries.of(
                                TraceState.getDefault(),
                                TraceState.builder()
                                        .put("a", "1")
                                        .put("b@v", "2;x")
                                        .build()),
                        Arbitraries.of(true, false))
                .as((trace, span, flags, state, remote) -> remote
                        ? SpanContext.createFromRemoteParent(trace, span, flags, state)
                        : SpanContext.create(trace, span, flags, state));
    }

    private static Arbitrary<String> hex(int digits) {
        return Arbitraries.strings()
                .withChars("0123456789abcdef")
                .ofLength(digits)
                .filter(id -> !id.matches("0+"));
    }

    static Arbitrary<Attributes> attributes() {
        return Combinators.combine(keys(), anyValues())
                .as(AnyTelemetry::put)
                .list()
                .ofMaxSize(6)
                .map(puts -> {
                    AttributesBuilder builder = Attributes.builder();
                    puts.forEach(put -> put.into(builder));
                    return builder.build();
                });
    }

    private static Arbitrary<String> keys() {
        return texts().filter(key -> !key.isEmpty());
    }

    private interface Put {
        void into(AttributesBuilder builder);
    }

    private static Arbitrary<Object> anyValues() {
        Arbitrary<Double> doubles = doubles();
        return Arbitraries.oneOf(List.of(
                texts().map(Object.class::cast),
                Arbitraries.longs().map(Object.class::cast),
                doubles.map(Object.class::cast),
                Arbitraries.of(true, false).map(Object.class::cast),
                texts().list().ofMaxSize(3).map(list -> (Object) new Texts(list)),
                Arbitraries.longs().list().ofMaxSize(3).map(list -> (Object) new Longs(list)),
                doubles.list().ofMaxSize(3).map(list -> (Object) new Doubles(list)),
                Arbitraries.of(true, false).list().ofMaxSize(3).map(list -> (Object) new Truths(list)),
                values().map(Object.class::cast)));
    }

    private record Texts(List<String> list) {}

    private record Longs(List<Long> list) {}

    private record Doubles(List<Double> list) {}

    private record Truths(List<Boolean> list) {}

    private static Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.doubles(),
                Arbitraries.of(
                        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE, 1e300));
    }

    private static Put put(String key, Object value) {
        return builder -> {
            if (value instanceof String text) {
                builder.put(key, text);
            } else if (value instanceof Long number) {
                builder.put(key, number);
            } else if (value instanceof Double number) {
                builder.put(key, number);
            } else if (value instanceof Boolean truth) {
                builder.put(key, truth);
            } else if (value instanceof Texts texts) {
                builder.put(AttributeKey.stringArrayKey(key), texts.list);
            } else if (value instanceof Longs longs) {
                builder.put(AttributeKey.longArrayKey(key), longs.list);
            } else if (value instanceof Doubles doubles) {
                builder.put(AttributeKey.doubleArrayKey(key), doubles.list);
            } else if (value instanceof Truths truths) {
                builder.put(AttributeKey.booleanArrayKey(key), truths.list);
            } else {
                builder.put(AttributeKey.valueKey(key), (Value<?>) value);
            }
        };
    }

    static Arbitrary<Value<?>> values() {
        Arbitrary<Value<?>> leaf = Arbitraries.oneOf(List.of(
                texts().map(Value::of),
                Arbitraries.longs().map(Value::of),
                doubles().map(Value::of),
                Arbitraries.of(true, false).map(Value::of),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(5).map(Value::of),
                Arbitraries.just(Value.empty())));
        Arbitrary<Value<?>> nested = leaf;
        for (int depth = 0; depth < 2; depth++) {
            Arbitrary<Value<?>> within = nested;
            nested = Arbitraries.oneOf(List.of(
                    leaf,
                    within.list().ofMaxSize(3).map(Value::of),
                    Combinators.combine(texts(), within)
                            .as(KeyValue::of)
                            .list()
                            .ofMaxSize(3)
                            .map(pairs -> Value.of(pairs.toArray(KeyValue[]::new)))));
        }
        return nested;
    }

    private static Arbitrary<EventData> events() {
        return Combinators.combine(
                        texts(), attributes(), times(), Arbitraries.integers().between(0, 3))
                .as((name, attributes, time, dropped) ->
                        EventData.create(time, name, attributes, attributes.size() + dropped));
    }

    private static Arbitrary<LinkData> links() {
        return Combinators.combine(
                        contexts(), attributes(), Arbitraries.integers().between(0, 3))
                .as((context, attributes, dropped) ->
                        LinkData.create(context, attributes, attributes.size() + dropped));
    }

    private static Arbitrary<Long> times() {
        return Arbitraries.longs().greaterOrEqual(0);
    }

    private static Arbitrary<StatusData> statuses() {
        return Arbitraries.oneOf(
                Arbitraries.of(StatusData.unset(), StatusData.ok(), StatusData.error()),
                texts().map(text -> StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, text)));
    }

    static Arbitrary<SpanData> spans(Resource resource, InstrumentationScopeInfo scope) {
        Arbitrary<TestSpanData.Builder> body = Combinators.combine(
                        contexts(),
                        Arbitraries.oneOf(contexts(), Arbitraries.just(SpanContext.getInvalid())),
                        texts(),
                        Arbitraries.of(SpanKind.class),
                        times(),
                        times(),
                        statuses())
                .as((context, parent, name, kind, start, end, status) -> TestSpanData.builder()
                        .setSpanContext(context)
                        .setParentSpanContext(parent)
                        .setName(name)
                        .setKind(kind)
                        .setStartEpochNanos(start)
                        .setEndEpochNanos(end)
                        .setStatus(status));
        return Combinators.combine(
                        body,
                        attributes(),
                        events().list().ofMaxSize(3),
                        links().list().ofMaxSize(3),
                        Arbitraries.integers().between(0, 3))
                .as((builder, attributes, events, links, dropped) -> builder.setHasEnded(true)
                        .setResource(resource)
                        .setInstrumentationScopeInfo(scope)
                        .setAttributes(attributes)
                        .setTotalAttributeCount(attributes.size() + dropped)
                        .setEvents(events)
                        .setTotalRecordedEvents(events.size() + dropped)
                        .setLinks(links)
                        .setTotalRecordedLinks(links.size() + dropped)
                        .build());
    }

    static Arbitrary<LogRecordData> logRecords(Resource resource, InstrumentationScopeInfo scope) {
        return Combinators.combine(
                        Arbitraries.oneOf(contexts(), Arbitraries.just(SpanContext.getInvalid())),
                        values().injectNull(0.2),
                        attributes(),
                        Arbitraries.of(Severity.class),
                        texts(),
                        texts(),
                        times(),
                        Arbitraries.integers().between(0, 3))
                .as((context, body, attributes, severity, severityText, name, time, dropped) ->
                        TestLogRecordData.builder()
                                .setResource(resource)
                                .setInstrumentationScopeInfo(scope)
                                .setSpanContext(context)
                                .setBodyValue(body)
                                .setAttributes(attributes)
                                .setTotalAttributeCount(attributes.size() + dropped)
                                .setSeverity(severity)
                                .setSeverityText(severityText)
                                .setEventName(name)
                                .setTimestamp(time, TimeUnit.NANOSECONDS)
                                .setObservedTimestamp(time, TimeUnit.NANOSECONDS)
                                .build());
    }
}
