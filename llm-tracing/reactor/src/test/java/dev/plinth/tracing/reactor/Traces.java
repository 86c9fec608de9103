package dev.plinth.tracing.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What a real SDK was told. */
final class Traces {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final AtomicInteger open = new AtomicInteger();
    final OpenTelemetry openTelemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .addSpanProcessor(new Balance())
                    .build())
            .build();

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

    ChatModel of(ChatModel model) {
        return Tracing.of(openTelemetry).layer().around(model);
    }

    List<SpanData> spans() {
        return exporter.getFinishedSpanItems();
    }

    /** The names of parents by the names of spans; {@code -} for a root. */
    Map<String, String> parents() {
        Map<String, String> names = spans().stream().collect(Collectors.toMap(SpanData::getSpanId, SpanData::getName));
        return spans().stream()
                .collect(Collectors.toMap(
                        SpanData::getName,
                        span -> names.getOrDefault(span.getParentSpanId(), "-"),
                        (one, other) -> one));
    }

    /** All spans were ended, and each is a root or below a span of its own trace. */
    void assertNoOrphans() {
        assertThat(open).as("open spans").hasValue(0);
        Map<String, String> traces =
                spans().stream().collect(Collectors.toMap(SpanData::getSpanId, SpanData::getTraceId));
        for (SpanData span : spans()) {
            if (!span.getParentSpanId().equals(SpanId.getInvalid())) {
                assertThat(traces.get(span.getParentSpanId()))
                        .as(span.getName())
                        .isEqualTo(span.getTraceId());
            }
        }
    }
}
