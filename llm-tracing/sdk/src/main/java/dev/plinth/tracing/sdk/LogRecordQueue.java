package dev.plinth.tracing.sdk;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.Collection;

/** What {@link SpanQueue} is, for log records. */
final class LogRecordQueue implements LogRecordProcessor {

    private final Delivery delivery;
    private final BatchLogRecordProcessor batches;

    LogRecordQueue(LogRecordExporter exporter, Delivery delivery, TraceExport.Builder settings) {
        this.delivery = delivery;
        this.batches = BatchLogRecordProcessor.builder(new Counted(exporter, delivery))
                .setMaxQueueSize(settings.maxQueueSize)
                .setMaxExportBatchSize(settings.batchSize())
                .setScheduleDelay(settings.scheduleDelay)
                .setExporterTimeout(settings.exporterTimeout)
                .build();
    }

    @Override
    public void onEmit(Context context, ReadWriteLogRecord record) {
        if (delivery.letIn()) {
            batches.onEmit(context, record);
        }
    }

    @Override
    public CompletableResultCode forceFlush() {
        return delivery.flush(batches::forceFlush);
    }

    @Override
    public CompletableResultCode shutdown() {
        return delivery.shutdown(() -> {
            forceFlush();
            return batches.shutdown();
        });
    }

    private record Counted(LogRecordExporter exporter, Delivery delivery) implements LogRecordExporter {
        @Override
        public CompletableResultCode export(Collection<LogRecordData> batch) {
            return delivery.send(batch.size(), () -> exporter.export(batch));
        }

        @Override
        public CompletableResultCode flush() {
            return Delivery.harmless(exporter::flush);
        }

        @Override
        public CompletableResultCode shutdown() {
            return Delivery.harmless(exporter::shutdown);
        }
    }
}
