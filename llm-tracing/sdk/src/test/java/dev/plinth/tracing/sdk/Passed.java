package dev.plinth.tracing.sdk;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;

/** Stands where a batch processor does, and keeps what it is given. */
final class Passed implements SpanProcessor {
    private final LinkedBlockingQueue<SpanData> spans = new LinkedBlockingQueue<>();
    int flushes;
    int shutdowns;

    List<SpanData> spans() {
        return List.copyOf(spans);
    }

    List<String> names() {
        return spans.stream().map(SpanData::getName).toList();
    }

    /** The sum of the weights of these. */
    double weight(Predicate<SpanData> which) {
        return spans.stream()
                .filter(which)
                .map(span -> span.getAttributes().get(PlinthAttributes.SAMPLING_WEIGHT))
                .mapToDouble(weight -> weight == null ? 1 : weight)
                .sum();
    }

    void clear() {
        spans.clear();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        spans.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public CompletableResultCode forceFlush() {
        flushes++;
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        shutdowns++;
        return CompletableResultCode.ofSuccess();
    }
}
