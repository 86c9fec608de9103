package dev.plinth.tracing.sdk;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Exports without harm: the application never waits for an exporter and hears of no failure, and what is lost is counted.
 *
 * <pre>{@code
 * TraceExport export = TraceExport.builder("otlp")
 *     .spans(OtlpHttpSpanExporter.getDefault())
 *     .build();
 * SdkTracerProvider tracers =
 *     SdkTracerProvider.builder().addSpanProcessor(export.spanProcessor()).build();
 * ...
 * gauges.accept(export.figures());
 * }</pre>
 *
 * <p>In front of each exporter stands OpenTelemetry's own batch processor with a queue of its own, so one destination that
 * is slow or down does not keep another from getting what is its.
 *
 * <p>Thread-safe. The SDK closes it.
 */
public final class TraceExport {

    private final String name;
    private final SpanProcessor spans;
    private final LogRecordProcessor logRecords;
    private final Delivery spanDelivery;
    private final Delivery logRecordDelivery;

    private TraceExport(Builder builder) {
        this.name = builder.name;
        this.spanDelivery = new Delivery(builder.maxQueueSize, builder.time);
        this.logRecordDelivery = new Delivery(builder.maxQueueSize, builder.time);
        this.spans =
                builder.spans == null ? SpanProcessor.composite() : new SpanQueue(builder.spans, spanDelivery, builder);
        this.logRecords = builder.logRecords == null
                ? LogRecordProcessor.composite()
                : new LogRecordQueue(builder.logRecords, logRecordDelivery, builder);
    }

    /**
     * A builder.
     *
     * @param name of the destination, such as {@code otlp}; a part of the figures' names, so of letters, digits, {@code _}
     *     and {@code -}
     */
    public static Builder builder(String name) {
        Check.that(Check.notNull(name, "name").matches("[A-Za-z0-9_-]+"), "name", name, "letters, digits, _ and -");
        return new Builder(name);
    }

    /** For the SDK; the same one each time. */
    public SpanProcessor spanProcessor() {
        return spans;
    }

    /** Its queue of spans, if it exports any. */
    Stream<SpanQueue> spanQueue() {
        return spans instanceof SpanQueue queue ? Stream.of(queue) : Stream.empty();
    }

    /** For the SDK; the same one each time. */
    public LogRecordProcessor logRecordProcessor() {
        return logRecords;
    }

    /**
     * What became of everything, for {@link dev.plinth.tracing.Tracing#gauges}: {@code tracing.export.<name>.spans.} with {@code in},
     * {@code exported}, {@code failed} (the exporter said so, threw, or did not answer in time), {@code dropped} (the queue
     * was full, or the SDK closed) and {@code pending}; the same for {@code logs}. At any time {@code in} is the sum of the
     * others, and after the SDK was closed nothing is pending: what an exporter that hangs has not taken ten seconds after
     * that began has failed or is dropped.
     */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new TreeMap<>();
        spanDelivery.figures("tracing.export." + name + ".spans.", figures);
        logRecordDelivery.figures("tracing.export." + name + ".logs.", figures);
        return figures;
    }

    /** Not thread-safe. The names are those of OpenTelemetry's batch processors. */
    public static final class Builder {
        final String name;
        private @Nullable SpanExporter spans;
        private @Nullable LogRecordExporter logRecords;
        int maxQueueSize = 2_048;
        private int maxExportBatchSize = 512;
        Duration scheduleDelay = Duration.ofSeconds(1);
        Duration exporterTimeout = Duration.ofSeconds(30);
        TimeSource time = TimeSource.system();

        private Builder(String name) {
            this.name = name;
        }

        /** Where spans go. */
        public Builder spans(SpanExporter exporter) {
            this.spans = Check.notNull(exporter, "exporter");
            return this;
        }

        /** Where log records go, such as evaluation results. */
        public Builder logRecords(LogRecordExporter exporter) {
            this.logRecords = Check.notNull(exporter, "exporter");
            return this;
        }

        /** How many wait at most, of each kind; 2,048 unless set. What comes then is dropped. */
        public Builder maxQueueSize(int maxQueueSize) {
            this.maxQueueSize = Check.positive(maxQueueSize, "maxQueueSize");
            return this;
        }

        /** How many are sent at once; 512 unless set, and never more than wait at most. */
        public Builder maxExportBatchSize(int maxExportBatchSize) {
            this.maxExportBatchSize = Check.positive(maxExportBatchSize, "maxExportBatchSize");
            return this;
        }

        /** How long something waits for others to be sent with it; one second unless set. */
        public Builder scheduleDelay(Duration scheduleDelay) {
            this.scheduleDelay = Check.positive(scheduleDelay, "scheduleDelay");
            return this;
        }

        /** How long a batch may take until it is given up; 30 seconds unless set. */
        public Builder exporterTimeout(Duration exporterTimeout) {
            this.exporterTimeout = Check.positive(exporterTimeout, "exporterTimeout");
            return this;
        }

        int batchSize() {
            return Math.min(maxExportBatchSize, maxQueueSize);
        }

        /** Starts the threads of the batch processors. */
        public TraceExport build() {
            return new TraceExport(this);
        }
    }
}
