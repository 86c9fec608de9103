package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.context.CallContext;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TraceContextTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    @Test
    void headersAreInLowerCaseWhateverThePropagatorCallsThem() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .setPropagators(ContextPropagators.create(new UpperCase()))
                .build();
        Tracing tracing = Tracing.of(sdk);
        AtomicReference<Map<String, String>> sent = new AtomicReference<>(Map.of());
        ChatModel model = tracing.layer().around(new FakeChat("m", request -> {
            sent.set(request.context().traceHeaders());
            return ChatResponse.of("ok");
        }));
        tracing.join(CallContext.EMPTY, Map.of("x-trace", "00-" + TRACE + "-" + CALLER + "-01"))
                .run(() -> model.chat(ChatRequest.of("hi")));
        SpanData span = spans.getFinishedSpanItems().get(0);
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
        assertThat(sent.get()).containsOnlyKeys("x-trace");
        assertThat(sent.get().get("x-trace")).contains(TRACE, span.getSpanId());
    }

    @Test
    void whatAPropagatorFindsByWalkingOverAllNamesIsFound() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setPropagators(ContextPropagators.create(new Walking()))
                .build();
        AtomicReference<String> tier = new AtomicReference<>();
        Tracing.of(sdk)
                .join(CallContext.EMPTY, Map.of("baggage-tier", "gold"))
                .run(() -> tier.set(Baggage.current().getEntryValue("tier")));
        assertThat(tier).hasValue("gold");
    }

    /** Baggage with a header for each entry, as Jaeger's. */
    private static final class Walking implements TextMapPropagator {

        @Override
        public List<String> fields() {
            return List.of("x-trace");
        }

        @Override
        public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {}

        @Override
        @SuppressWarnings("deprecation") // as propagators do
        public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
            BaggageBuilder baggage = Baggage.builder();
            for (String name : getter.keys(carrier)) {
                baggage.put(name.replace("baggage-", ""), getter.get(carrier, name));
            }
            return context.with(baggage.build());
        }
    }

    /** W3C's value under a name in another case, as B3's names are. */
    private static final class UpperCase implements TextMapPropagator {

        private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

        @Override
        public List<String> fields() {
            return List.of("X-Trace");
        }

        @Override
        public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
            W3C.inject(context, carrier, (into, name, value) -> {
                if (name.equals("traceparent")) {
                    setter.set(into, "X-Trace", value);
                }
            });
        }

        @Override
        public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
            String traceparent = getter.get(carrier, "X-Trace");
            return traceparent == null
                    ? context
                    : W3C.extract(context, traceparent, (value, name) -> name.equals("traceparent") ? value : null);
        }
    }
}
