package dev.plinth.tracing.conformance;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.function.Consumer;

/** What a real SDK makes of what a test emits under a schema URL. */
final class Emitted {

    private static final String SCOPE = "test";

    private Emitted() {}

    static SpanData span(String schemaUrl, String name, SpanKind kind, StatusCode status, Attributes attributes) {
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        try (SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build()) {
            Tracer tracer =
                    provider.tracerBuilder(SCOPE).setSchemaUrl(schemaUrl).build();
            Span span = tracer.spanBuilder(name).setSpanKind(kind).startSpan();
            span.setAllAttributes(attributes).setStatus(status).end();
            return exporter.getFinishedSpanItems().get(0);
        }
    }

    static MetricData metric(String schemaUrl, Consumer<Meter> measure) {
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        try (SdkMeterProvider provider =
                SdkMeterProvider.builder().registerMetricReader(reader).build()) {
            measure.accept(provider.meterBuilder(SCOPE).setSchemaUrl(schemaUrl).build());
            return reader.collectAllMetrics().iterator().next();
        }
    }

    static LogRecordData event(String schemaUrl, Consumer<LogRecordBuilder> fill) {
        InMemoryLogRecordExporter exporter = InMemoryLogRecordExporter.create();
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
                .build()) {
            Logger logger =
                    provider.loggerBuilder(SCOPE).setSchemaUrl(schemaUrl).build();
            LogRecordBuilder event = logger.logRecordBuilder();
            fill.accept(event);
            event.emit();
            return exporter.getFinishedLogRecordItems().get(0);
        }
    }
}
