package dev.plinth.tracing.sdk;

import dev.plinth.api.check.Check;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
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
        this.spanDelivery = new Delivery(builder.maxQueueSize);
        this.logRecordDelivery = new Delivery(builder.maxQueueSize);
        this.spans = builder.spans == null ? SpanProcessor.composite() : spanProcessor(builder, builder.spans);
        this.logRecords = builder.logRecords == null
                ? LogRecordProcessor.composite()
                : logRecordProcessor(builder, builder.logRecords);
    }

    /**
     * A builder.
     *
     * @param name of the destination, such as {@code otlp}; it is a part of the figures' names
     */
    public static Builder builder(String name) {
        return new Builder(Check.notBlank(name, "name"));
    }

    /** For the SDK; the same one each time. */
    public SpanProcessor spanProcessor() {
        return spans;
    }

    /** For the SDK; the same one each time. */
    public LogRecordProcessor logRecordProcessor() {
        return logRecords;
    }

    /**
     * What became of everything, for {@code Tracing.gauges}: {@code tracing.export.<name>.spans.} with {@code in},
     * {@code exported}, {@code failed} (the exporter said so, threw, or did not answer in time), {@code dropped} (the queue
     * was full, or the SDK closed) and {@code pending}; the same for {@code logs}. At any time {@code in} is the sum of the
     * others, and after the SDK was closed nothing is pending.
     */
    public Map<String, Double> figures() {
        Map<String, Double> figures = new TreeMap<>();
        spanDelivery.figures("tracing.export." + name + ".spans.", figures);
        logRecordDelivery.figures("tracing.export." + name + ".logs.", figures);
        return figures;
    }

    private SpanProcessor spanProcessor(Builder builder, SpanExporter exporter) {
        BatchSpanProcessor batches = BatchSpanProcessor.builder(counted(exporter))
                .setMaxQueueSize(builder.maxQueueSize)
                .setMaxExportBatchSize(builder.batchSize())
                .setScheduleDelay(builder.scheduleDelay)
                .setExporterTimeout(builder.exporterTimeout)
                .build();
        return new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {}

            @Override
            public boolean isStartRequired() {
                return false;
            }

            @Override
            public void onEnd(ReadableSpan span) {
                // The batch processor passes over what is not sampled.
                if (span.getSpanContext().isSampled() && spanDelivery.letIn()) {
                    batches.onEnd(span);
                }
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }

            @Override
            public CompletableResultCode forceFlush() {
                return batches.forceFlush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return spanDelivery.shutdown(batches::shutdown);
            }
        };
    }

    private LogRecordProcessor logRecordProcessor(Builder builder, LogRecordExporter exporter) {
        BatchLogRecordProcessor batches = BatchLogRecordProcessor.builder(counted(exporter))
                .setMaxQueueSize(builder.maxQueueSize)
                .setMaxExportBatchSize(builder.batchSize())
                .setScheduleDelay(builder.scheduleDelay)
                .setExporterTimeout(builder.exporterTimeout)
                .build();
        return new LogRecordProcessor() {
            @Override
            public void onEmit(Context context, ReadWriteLogRecord record) {
                if (logRecordDelivery.letIn()) {
                    batches.onEmit(context, record);
                }
            }

            @Override
            public CompletableResultCode forceFlush() {
                return batches.forceFlush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return logRecordDelivery.shutdown(batches::shutdown);
            }
        };
    }

    private SpanExporter counted(SpanExporter exporter) {
        return new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> batch) {
                return spanDelivery.send(batch.size(), () -> exporter.export(batch));
            }

            @Override
            public CompletableResultCode flush() {
                return Delivery.harmless(exporter::flush);
            }

            @Override
            public CompletableResultCode shutdown() {
                return Delivery.harmless(exporter::shutdown);
            }
        };
    }

    private LogRecordExporter counted(LogRecordExporter exporter) {
        return new LogRecordExporter() {
            @Override
            public CompletableResultCode export(Collection<LogRecordData> batch) {
                return logRecordDelivery.send(batch.size(), () -> exporter.export(batch));
            }

            @Override
            public CompletableResultCode flush() {
                return Delivery.harmless(exporter::flush);
            }

            @Override
            public CompletableResultCode shutdown() {
                return Delivery.harmless(exporter::shutdown);
            }
        };
    }

    /** Not thread-safe. The names are those of OpenTelemetry's batch processors. */
    public static final class Builder {
        private final String name;
        private @Nullable SpanExporter spans;
        private @Nullable LogRecordExporter logRecords;
        private int maxQueueSize = 2_048;
        private int maxExportBatchSize = 512;
        private Duration scheduleDelay = Duration.ofSeconds(1);
        private Duration exporterTimeout = Duration.ofSeconds(30);

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

        private int batchSize() {
            return Math.min(maxExportBatchSize, maxQueueSize);
        }

        /** Starts the threads of the batch processors. */
        public TraceExport build() {
            return new TraceExport(this);
        }
    }
}
