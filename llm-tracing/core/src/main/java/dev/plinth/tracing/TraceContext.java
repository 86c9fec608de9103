package dev.plinth.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trace in the headers of requests, after W3C Trace Context unless the application propagates in another way. Names are
 * in lower case, as HTTP/2 has them, whatever the propagator writes.
 */
final class TraceContext {

    /** Some propagators ask for a name, some walk over all of them. */
    private static final class Headers implements TextMapGetter<Map<String, String>> {
        @Override
        @SuppressWarnings("deprecation") // propagators still call it
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String name) {
            return headers == null ? null : headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    private static final Headers HEADERS = new Headers();

    private TraceContext() {}

    static Context read(TextMapPropagator propagator, Map<String, String> headers) {
        return propagator.extract(Context.root(), headers, HEADERS);
    }

    /** Names in lower case. What a header cannot hold is left out: it would fail the request. */
    static Map<String, String> write(TextMapPropagator propagator, Context context) {
        Map<String, String> headers = new LinkedHashMap<>();
        propagator.inject(context, headers, (into, name, value) -> {
            if (value.chars().allMatch(letter -> letter >= ' ' && letter <= '~')) {
                headers.put(name.toLowerCase(Locale.ROOT), value);
            }
        });
        return headers;
    }

    /** The span of a {@code traceparent}. */
    static SpanContext spanOf(String traceparent) {
        Context context = W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), Map.of("traceparent", traceparent), HEADERS);
        SpanContext span = Span.fromContext(context).getSpanContext();
        if (!span.isValid()) {
            throw new IllegalArgumentException("traceparent: " + traceparent
                    + " (expected: 00-, a trace id, a span id and flags, such as 00-0af7651916cd43dd8448eb211c80319c-"
                    + "b7ad6b7169203331-01)");
        }
        return span;
    }

    /** The {@code traceparent} of a span. */
    static @Nullable String traceparentOf(SpanContext span) {
        Context context = Context.root().with(Span.wrap(span));
        return write(W3CTraceContextPropagator.getInstance(), context).get("traceparent");
    }

    static TextMapPropagator propagator(OpenTelemetry openTelemetry) {
        TextMapPropagator set = openTelemetry.getPropagators().getTextMapPropagator();
        return set.fields().isEmpty() ? W3CTraceContextPropagator.getInstance() : set;
    }
}
