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
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
    private final Optional<TailSampling> sampling;

    private TracingSdk(Builder builder) {
        this.traces = builder.traces;
        this.exports = builder.exports.values().stream()
                .map(TraceExport.Builder::build)
                .toList();
        this.sampling = Optional.ofNullable(builder.sampling).map(this::sampling);
        Resource resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), builder.serviceName)));
        SdkTracerProviderBuilder tracers =
                SdkTracerProvider.builder().setResource(resource).addSpanProcessor(traces.spanProcessor());
        SdkLoggerProviderBuilder loggers =
                SdkLoggerProvider.builder().setResource(resource).addLogRecordProcessor(traces.logRecordProcessor());
        sampling.ifPresentOrElse(
                before -> {
                    tracers.addSpanProcessor(before.spanProcessor());
                    loggers.addLogRecordProcessor(before.logRecordProcessor());
                },
                () -> exports.forEach(export -> tracers.addSpanProcessor(export.spanProcessor())));
        exports.forEach(export -> loggers.addLogRecordProcessor(export.logRecordProcessor()));
        SdkMeterProviderBuilder meters = SdkMeterProvider.builder().setResource(resource);
        builder.readers.forEach(meters::registerMetricReader);
        this.sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(tracers.build())
                .setLoggerProvider(loggers.build())
                .setMeterProvider(meters.build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
    }

    private TailSampling sampling(Sampling wanted) {
        SpanProcessor all = SpanProcessor.composite(
                exports.stream().map(TraceExport::spanProcessor).toList());
        TailSampling.Builder settings = TailSampling.builder(all, wanted.share);
        settings.queues = exports.stream().flatMap(TraceExport::spanQueue).toList();
        return wanted.settings.apply(settings).build();
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

    /** The sampling before the exports, if there is one. */
    public Optional<TailSampling> sampling() {
        return sampling;
    }

    /** The figures of the traces, the sampling and all exports, for {@link dev.plinth.tracing.Tracing#gauges}. */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new TreeMap<>(traces.figures());
        sampling.ifPresent(before -> figures.putAll(before.figures()));
        exports.forEach(export -> figures.putAll(export.figures()));
        return figures;
    }

    /**
     * Exports what is left, for at most ten seconds, with sampling fifteen, and shuts the SDK down. The traces can still be
     * asked for.
     */
    @Override
    public void close() {
        sdk.close();
    }

    private record Sampling(double share, UnaryOperator<TailSampling.Builder> settings) {}

    /** Not thread-safe. */
    public static final class Builder {
        private final String serviceName;
        private LocalTraces traces = LocalTraces.create();
        private final Map<String, TraceExport.Builder> exports = new LinkedHashMap<>();
        private @Nullable Sampling sampling;
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
            return export(
                    TraceExport.builder("file").spans(OtlpJsonFile.at(path).spanExporter()));
        }

        /** Exports to one more destination, which has a name that no other has. */
        public Builder export(TraceExport.Builder export) {
            boolean added = exports.putIfAbsent(Check.notNull(export, "export").name, export) == null;
            Check.that(added, "export", export.name, "a name that no other export has");
            return this;
        }

        /**
         * Exports not all traces, but those that {@link TailSampling} keeps. The traces in this process are not sampled.
         *
         * @param share of the traces that nothing speaks for keeping, 0 to 1
         * @param settings more of it, such as {@code settings -> settings.waitFor(Duration.ofMinutes(2))}
         */
        public Builder sampling(double share, UnaryOperator<TailSampling.Builder> settings) {
            this.sampling = new Sampling(Check.within(share, 0, 1, "share"), Check.notNull(settings, "settings"));
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
