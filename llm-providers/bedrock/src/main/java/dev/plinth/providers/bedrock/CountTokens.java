package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
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

/** Asks Bedrock how many tokens a request has. */
final class CountTokens implements TokenCounter {

    private final Endpoint endpoint;
    private final ModelInfo info;

    CountTokens(Endpoint endpoint, ModelInfo info) {
        this.endpoint = endpoint;
        this.info = info;
    }

    @Override
    public TokenCount count(ChatRequest request) {
        request.requireSupport(info);
        String model = request.model().orElse(info.model());
        ChatCall call = new ChatCall(request, model, false, endpoint.details(model));
        HttpBody body = HttpBody.json(Json.FACTORY, json -> write(call, json));
        HttpCall.Builder http = HttpCall.post(endpoint.url("/model/" + Percent.encode(model) + "/count-tokens"), body)
                .timeouts(request.timeouts().orElse(null))
                .details(call.details())
                .header("Accept", "application/json");
        try (ProviderAnswer answer = endpoint.send(http, request.context())) {
            return read(answer);
        }
    }

    private static void write(ChatCall call, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("input");
        json.writeObjectFieldStart("converse");
        ConverseWriter writer = new ConverseWriter(call);
        writer.writeConversation(json);
        writer.writeModelFields(json);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static TokenCount read(ProviderAnswer answer) {
        HttpAnswer http = answer.http();
        ErrorBody.Fields errors = new ErrorBody.Fields();
        long tokens = -1;
        try (JsonParser json = Json.FACTORY.createParser(http.body())) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                    if (field.equals("inputTokens")) {
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
                "inputTokens: none (expected: a number)", answer.details(), Json.withoutContent(cause));
    }
}
