package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.layer.Layer;
import dev.plinth.api.time.TimeSource;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A real SDK that keeps what it is given, and the layer over it. */
final class Recording {

    final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    final InMemoryLogRecordExporter events = InMemoryLogRecordExporter.create();
    final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    final OpenTelemetry openTelemetry;
    private final AtomicInteger open = new AtomicInteger();

    Recording() {
        this(Sampler.alwaysOn());
    }

    Recording(Sampler sampler) {
        this.openTelemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .addSpanProcessor(new Balance())
                        .build())
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .addLogRecordProcessor(SimpleLogRecordProcessor.create(events))
                        .build())
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(metrics).build())
                .build();
    }

    Layer layer() {
        return layer(TimeSource.system());
    }

    Layer layer(TimeSource time) {
        return Tracing.builder(openTelemetry).time(time).build().layer();
    }

    /** Works within a span of the application. */
    void within(String name, Runnable work) {
        Span span = openTelemetry.getTracer("application").spanBuilder(name).startSpan();
        try (Scope scope = span.makeCurrent()) {
            work.run();
        } finally {
            span.end();
        }
    }

    /** Spans that were started and not ended. */
    int openSpans() {
        return open.get();
    }

    private final class Balance implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            open.incrementAndGet();
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            open.decrementAndGet();
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }

    List<SpanData> ended() {
        return exporter.getFinishedSpanItems();
    }

    SpanData only() {
        assertThat(ended()).hasSize(1);
        return ended().get(0);
    }

    SpanData named(String name) {
        List<SpanData> found =
                ended().stream().filter(span -> span.getName().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    /** The name of the parent for each name; {@code -} for a root. Fails on a parent that was never ended. */
    Map<String, String> parents() {
        Map<String, String> names = ended().stream().collect(Collectors.toMap(SpanData::getSpanId, SpanData::getName));
        Map<String, String> parents = new TreeMap<>();
        for (SpanData span : ended()) {
            boolean root = span.getParentSpanId().equals(SpanId.getInvalid());
            assertThat(root || names.containsKey(span.getParentSpanId()))
                    .as("parent of " + span.getName() + " has ended")
                    .isTrue();
            parents.put(span.getName(), root ? "-" : names.get(span.getParentSpanId()));
        }
        return parents;
    }

    /** Every span was ended, and all belong to one trace. */
    void assertOneWholeTree() {
        assertThat(openSpans()).as("open spans").isZero();
        assertThat(ended().stream().map(SpanData::getTraceId).distinct()).hasSize(1);
        assertThat(parents().values().stream().filter("-"::equals)).as("roots").hasSize(1);
    }
}
