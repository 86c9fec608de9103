package dev.plinth.tracing.sdk;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** OpenTelemetry's batch processor between two that count: what goes in, and what the exporter makes of it. */
final class SpanQueue implements SpanProcessor {

    private final Delivery delivery;
    private final int capacity;
    private final BatchSpanProcessor batches;

    SpanQueue(SpanExporter exporter, Delivery delivery, TraceExport.Builder settings) {
        this.delivery = delivery;
        this.capacity = settings.maxQueueSize;
        this.batches = BatchSpanProcessor.builder(new Counted(exporter, delivery))
                .setMaxQueueSize(settings.maxQueueSize)
                .setMaxExportBatchSize(settings.batchSize())
                .setScheduleDelay(settings.scheduleDelay)
                .setExporterTimeout(settings.exporterTimeout)
                .build();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        // The batch processor passes over what is not sampled.
        if (span.getSpanContext().isSampled() && delivery.letIn()) {
            batches.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    /** How many wait to be sent. */
    long waiting() {
        return delivery.waiting();
    }

    /** How many may wait. */
    int capacity() {
        return capacity;
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

    private record Counted(SpanExporter exporter, Delivery delivery) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
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
