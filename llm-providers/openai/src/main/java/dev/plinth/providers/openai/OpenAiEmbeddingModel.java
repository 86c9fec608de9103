package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.JsonBody;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Embeddings: asked for as base64, a third of the bytes, and read as numbers too, since servers may ignore that. */
final class OpenAiEmbeddingModel implements EmbeddingModel {

    private final Connection connection;
    private final ModelInfo info;

    OpenAiEmbeddingModel(Connection connection, String model) {
        this.connection = connection;
        this.info = new ModelInfo(connection.provider(), model, Set.of(), connection.baseUrl());
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public OptionalInt dimensions() {
        return OptionalInt.empty();
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        String model = request.model().orElse(info.model());
        JsonBody body = JsonBody.write(Connection.JSON, json -> write(request, model, json));
        try (Connection.Exchange exchange =
                connection.post("/embeddings", body, false, model, request.context(), request.timeouts())) {
            return read(request, model, exchange);
        }
    }

    private static void write(EmbeddingRequest request, String model, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", model);
        json.writeArrayFieldStart("input");
        for (String text : request.texts()) {
            json.writeString(text);
        }
        json.writeEndArray();
        json.writeStringField("encoding_format", "base64");
        if (request.dimensions().isPresent()) {
            json.writeNumberField("dimensions", request.dimensions().getAsInt());
        }
        if (request.options().get(OpenAi.USER).isPresent()) {
            json.writeStringField("user", request.options().get(OpenAi.USER).get());
        }
        json.writeEndObject();
    }

    private EmbeddingResponse read(EmbeddingRequest request, String model, Connection.Exchange exchange) {
        HttpAnswer answer = exchange.answer();
        EmbeddingReader reader = new EmbeddingReader(request.texts().size());
        try (JsonParser json = Connection.JSON.createParser(answer.body())) {
            reader.read(json);
        } catch (JsonProcessingException broken) {
            throw malformed(answer, "body: no embeddings (expected: a list of them)", broken);
        } catch (IOException failure) {
            throw answer.failed(failure);
        }
        answer.finish();
        ErrorBody error = reader.error();
        if (error != null) {
            throw exchange.error(error);
        }
        String fault = reader.fault(request.dimensions());
        if (fault != null) {
            throw malformed(answer, fault, null);
        }
        return new EmbeddingResponse(List.of(reader.vectors()), reader.model(model), reader.usage());
    }

    private static MalformedResponseException malformed(
            HttpAnswer answer, String message, @Nullable IOException cause) {
        return new MalformedResponseException(message, answer.details(), CompletionStream.withoutContent(cause));
    }
}
