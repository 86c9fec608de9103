package dev.plinth.providers.wire;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.check.Check;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;

/**
 * Asks a server how many tokens a request has; what the model cannot do is refused as for a chat.
 *
 * <p>Thread-safe.
 */
public final class HttpTokenCounter implements TokenCounter {

    private final Endpoint endpoint;
    private final ModelInfo info;
    private final TokenProtocol protocol;

    /** A counter at this endpoint. */
    public HttpTokenCounter(Endpoint endpoint, ModelInfo info, TokenProtocol protocol) {
        this.endpoint = Check.notNull(endpoint, "endpoint");
        this.info = Check.notNull(info, "info");
        this.protocol = Check.notNull(protocol, "protocol");
    }

    @Override
    public TokenCount count(ChatRequest request) {
        request.requireSupport(info);
        String model = request.model().orElse(info.model());
        ChatCall call = new ChatCall(request, model, false, endpoint.details(model));
        HttpBody body = HttpBody.json(Json.FACTORY, json -> protocol.write(call, json));
        HttpCall.Builder http = HttpCall.post(endpoint.url(protocol.path(call)), body)
                .timeouts(request.timeouts().orElse(null))
                .details(call.details())
                .header("Accept", "application/json");
        protocol.addHeaders(call, http);
        try (ProviderAnswer answer = endpoint.send(http, request.context())) {
            return new TokenCount(JsonBody.tokens(answer, protocol.field()), Usage.Source.REPORTED);
        }
    }
}
