package dev.plinth.tracing;

import dev.plinth.api.model.ModelInfo;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.net.URI;

/** What the spans of all models have in common. */
final class ModelAttributes {

    private ModelAttributes() {}

    /** Takes the address and the port of a server. */
    interface Server {
        void at(String address, long port);
    }

    static SpanKind kind(ModelInfo info) {
        return info.endpoint() == null ? SpanKind.INTERNAL : SpanKind.CLIENT;
    }

    static void request(SpanBuilder span, Operation operation, ModelInfo info, String model) {
        span.setAttribute(GenAi.OPERATION_NAME, operation.word())
                .setAttribute(GenAi.PROVIDER_NAME, info.provider())
                .setAttribute(GenAi.REQUEST_MODEL, model);
        server(
                info,
                (address, port) ->
                        span.setAttribute(GenAi.SERVER_ADDRESS, address).setAttribute(GenAi.SERVER_PORT, port));
    }

    /** Tells where the model is served; nothing when it is in this process. */
    static void server(ModelInfo info, Server server) {
        URI endpoint = info.endpoint();
        if (endpoint != null && endpoint.getHost() != null) {
            server.at(endpoint.getHost(), port(endpoint));
        }
    }

    private static long port(URI endpoint) {
        if (endpoint.getPort() >= 0) {
            return endpoint.getPort();
        }
        return "http".equalsIgnoreCase(endpoint.getScheme()) ? 80 : 443;
    }
}
