package dev.plinth.tracing.sdk;

import dev.plinth.api.check.Check;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.SdkLoggerProviderBuilder;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * OpenTelemetry's SDK around {@link LocalTraces}, for an application that has none. One that has its own adds the parts
 * to that.
 *
 * <pre>{@code
 * try (TracingSdk sdk = TracingSdk.builder("support").file(Path.of("traces.jsonl")).build()) {
 *     Platform platform = Platform.builder()
 *         .chat("support", model)
 *         .layer(Tracing.of(sdk.openTelemetry()).layer())
 *         .build();
 *     ...
 *     sdk.traces().recent(1).forEach(tree -> tree.lines().forEach(console::println));
 * }
 * }</pre>
 *
 * <p>Thread-safe. It is not made the global one.
 */
public final class TracingSdk implements AutoCloseable {

    private final OpenTelemetrySdk sdk;
    private final LocalTraces traces;
    private final List<TraceExport> exports;

    private TracingSdk(Builder builder) {
        this.traces = builder.traces;
        this.exports = List.copyOf(builder.exports);
        Resource resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), builder.serviceName)));
        SdkTracerProviderBuilder tracers =
                SdkTracerProvider.builder().setResource(resource).addSpanProcessor(traces.spanProcessor());
        SdkLoggerProviderBuilder loggers =
                SdkLoggerProvider.builder().setResource(resource).addLogRecordProcessor(traces.logRecordProcessor());
        for (TraceExport export : exports) {
            tracers.addSpanProcessor(export.spanProcessor());
            loggers.addLogRecordProcessor(export.logRecordProcessor());
        }
        SdkMeterProviderBuilder meters = SdkMeterProvider.builder().setResource(resource);
        builder.readers.forEach(meters::registerMetricReader);
        this.sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(tracers.build())
                .setLoggerProvider(loggers.build())
                .setMeterProvider(meters.build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    /**
     * A builder: everything is traced, and kept in the process only.
     *
     * @param serviceName what the application is called in traces
     */
    public static Builder builder(String serviceName) {
        return new Builder(Check.notBlank(serviceName, "serviceName"));
    }

    /** What to give to {@link dev.plinth.tracing.Tracing#of}. */
    public OpenTelemetry openTelemetry() {
        return sdk;
    }

    /** The newest traces. */
    public LocalTraces traces() {
        return traces;
    }

    /** The figures of the traces and of all exports, for {@link dev.plinth.tracing.Tracing#gauges}. */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new TreeMap<>(traces.figures());
        exports.forEach(export -> figures.putAll(export.figures()));
        return figures;
    }

    /** Exports what is left, for at most ten seconds, and shuts the SDK down. The traces can still be asked for. */
    @Override
    public void close() {
        sdk.close();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String serviceName;
        private LocalTraces traces = LocalTraces.create();
        private final List<TraceExport> exports = new ArrayList<>();
        private final List<MetricReader> readers = new ArrayList<>();

        private Builder(String serviceName) {
            this.serviceName = serviceName;
        }

        /** Traces with bounds of your own. */
        public Builder traces(LocalTraces traces) {
            this.traces = Check.notNull(traces, "traces");
            return this;
        }

        /** Appends the spans to this file; the name of the export is {@code file}. */
        public Builder file(Path path) {
            return export(TraceExport.builder("file")
                    .spans(OtlpJsonFile.at(path).spanExporter())
                    .build());
        }

        /** Exports to one more destination. */
        public Builder export(TraceExport export) {
            exports.add(Check.notNull(export, "export"));
            return this;
        }

        /** Reads metrics; without a reader there are none. */
        public Builder metricReader(MetricReader reader) {
            readers.add(Check.notNull(reader, "reader"));
            return this;
        }

        /** The SDK, running. */
        public TracingSdk build() {
            return new TracingSdk(this);
        }
    }
}
