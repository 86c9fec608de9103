package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.tokens.TokenCount;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.api.usage.Usage;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpBody;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.ProviderAnswer;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Asks the server how many tokens a request has. */
final class MessageTokens implements TokenCounter {

    private final Endpoint endpoint;
    private final ModelInfo info;
    private final Messages protocol;

    MessageTokens(Endpoint endpoint, ModelInfo info, Messages protocol) {
        this.endpoint = endpoint;
        this.info = info;
        this.protocol = protocol;
    }

    @Override
    public TokenCount count(ChatRequest request) {
        request.requireSupport(info);
        String model = request.model().orElse(info.model());
        ChatCall call = new ChatCall(request, model, false, endpoint.details(model));
        HttpBody body =
                HttpBody.json(Json.FACTORY, json -> protocol.writer(call).writeForCount(json));
        HttpCall.Builder http = HttpCall.post(endpoint.url(protocol.path(call) + "/count_tokens"), body)
                .timeouts(request.timeouts().orElse(null))
                .details(call.details())
                .header("Accept", "application/json");
        protocol.addBetas(request, http);
        try (ProviderAnswer answer = endpoint.send(http, request.context())) {
            return read(answer);
        }
    }

    private static TokenCount read(ProviderAnswer answer) {
        HttpAnswer http = answer.http();
        ErrorBody.Fields errors = new ErrorBody.Fields();
        long tokens = -1;
        try (JsonParser json = Json.FACTORY.createParser(http.body())) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    if (field.equals("input_tokens")) {
                        tokens = Json.number(json, -1);
                    } else if (!errors.read(field, json)) {
                        json.skipChildren();
                    }
                }
            }
        } catch (JsonProcessingException broken) {
            throw malformed(http, broken);
        } catch (IOException failure) {
            throw http.failed(failure);
        }
        http.finish();
        ErrorBody error = errors.found(tokens >= 0);
        if (error != null) {
            throw answer.error(error);
        }
        if (tokens < 0) {
            throw malformed(http, null);
        }
        return new TokenCount(tokens, Usage.Source.REPORTED);
    }

    private static MalformedResponseException malformed(HttpAnswer answer, @Nullable IOException cause) {
        return new MalformedResponseException(
                "input_tokens: none (expected: a number)", answer.details(), Json.withoutContent(cause));
    }
}
