package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.chat.Role;
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

/** The method {@code countTokens}. */
final class CountTokens implements TokenCounter {

    private static final long NONE = -1;

    private final Endpoint endpoint;
    private final ModelInfo info;
    private final ModelPath models;
    private final Schemas schemas;

    CountTokens(Endpoint endpoint, ModelInfo info, ModelPath models, Schemas schemas) {
        this.endpoint = endpoint;
        this.info = info;
        this.models = models;
        this.schemas = schemas;
    }

    @Override
    public TokenCount count(ChatRequest request) {
        request.requireSupport(info);
        String model = request.model().orElse(info.model());
        ChatCall call = new ChatCall(request, model, false, endpoint.details(model));
        HttpBody body = HttpBody.json(Json.FACTORY, json -> write(call, json));
        HttpCall.Builder http = HttpCall.post(endpoint.url(models.of(model, "countTokens")), body)
                .timeouts(request.timeouts().orElse(null))
                .details(call.details())
                .header("Accept", "application/json");
        try (ProviderAnswer answer = endpoint.send(http, request.context())) {
            return new TokenCount(read(answer), Usage.Source.REPORTED);
        }
    }

    /** The Gemini API counts the messages alone, or all of a request in a field of its own. */
    private void write(ChatCall call, JsonGenerator json) throws IOException {
        RequestWriter request = new RequestWriter(call, schemas, models.vertex());
        json.writeStartObject();
        if (models.vertex()) {
            request.writeInput(json);
        } else if (isMessagesAlone(call.request())) {
            new ContentsWriter(call, json).write();
        } else {
            json.writeObjectFieldStart("generateContentRequest");
            json.writeStringField("model", models.resource(call.model()));
            request.write(json);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static boolean isMessagesAlone(ChatRequest request) {
        return request.messages().stream().noneMatch(message -> message.role() == Role.SYSTEM)
                && request.tools().isEmpty()
                && request.responseFormat() instanceof ResponseFormat.Text
                && request.options().names().isEmpty();
    }

    private static long read(ProviderAnswer answer) {
        HttpAnswer http = answer.http();
        ErrorBody.Fields errors = new ErrorBody.Fields();
        long tokens = NONE;
        try (JsonParser json = Json.FACTORY.createParser(http.body())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(json, "not an object");
            }
            for (String field = Json.nextField(json); field != null; field = Json.nextField(json)) {
                if (field.equals("totalTokens")) {
                    tokens = Json.number(json, tokens);
                } else if (!errors.read(field, json)) {
                    json.skipChildren();
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
        return tokens;
    }

    private static MalformedResponseException malformed(HttpAnswer answer, @Nullable IOException cause) {
        return new MalformedResponseException(
                "body: no totalTokens (expected: a count of tokens)", answer.details(), Json.withoutContent(cause));
    }
}
