package dev.plinth.tracing;

import dev.plinth.api.model.ModelInfo;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.net.URI;

/** What the spans of all models have in common. */
final class ModelAttributes {

    private ModelAttributes() {}

    static SpanKind kind(ModelInfo info) {
        return info.endpoint() == null ? SpanKind.INTERNAL : SpanKind.CLIENT;
    }

    static SpanBuilder request(SpanBuilder builder, String operation, ModelInfo info, String model) {
        builder.setAttribute(SpanAttributes.OPERATION_NAME, operation)
                .setAttribute(SpanAttributes.PROVIDER_NAME, info.provider())
                .setAttribute(SpanAttributes.REQUEST_MODEL, model);
        URI endpoint = info.endpoint();
        if (endpoint != null && endpoint.getHost() != null) {
            builder.setAttribute(SpanAttributes.SERVER_ADDRESS, endpoint.getHost())
                    .setAttribute(SpanAttributes.SERVER_PORT, port(endpoint));
        }
        return builder;
    }

    private static long port(URI endpoint) {
        if (endpoint.getPort() >= 0) {
            return endpoint.getPort();
        }
        return "http".equalsIgnoreCase(endpoint.getScheme()) ? 80 : 443;
    }
}
