package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.Options;
import dev.plinth.providers.ErrorBody;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.JsonBody;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Embeddings: asked for as base64, a third of the bytes, and read as numbers too, since servers may ignore that. */
final class OpenAiEmbeddingModel implements EmbeddingModel {

    /** What OpenAI takes in one call; more texts become several calls, one after the other. */
    private static final int MOST_TEXTS = 2048;

    private final Connection connection;
    private final URI url;
    private final ModelInfo info;
    private final OptionalInt dimensions;

    OpenAiEmbeddingModel(Connection connection, String model, OptionalInt dimensions) {
        this.connection = connection;
        this.url = connection.url("/embeddings");
        this.info = new ModelInfo(connection.provider(), model, Set.of(), connection.baseUrl());
        this.dimensions = dimensions;
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public OptionalInt dimensions() {
        return dimensions;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        List<String> texts = request.texts();
        EmbeddingResponse response = embed(request, texts.subList(0, Math.min(MOST_TEXTS, texts.size())));
        for (int from = MOST_TEXTS; from < texts.size(); from += MOST_TEXTS) {
            int to = Math.min(from + MOST_TEXTS, texts.size());
            response = joined(response, embed(request, texts.subList(from, to)));
        }
        return response;
    }

    private static EmbeddingResponse joined(EmbeddingResponse first, EmbeddingResponse second) {
        List<float[]> vectors = new ArrayList<>(first.vectors());
        vectors.addAll(second.vectors());
        return new EmbeddingResponse(vectors, first.model(), first.usage().plus(second.usage()));
    }

    private EmbeddingResponse embed(EmbeddingRequest request, List<String> texts) {
        String model = request.model().orElse(info.model());
        OptionalInt length = request.dimensions().isPresent() ? request.dimensions() : dimensions;
        JsonBody body = JsonBody.write(Connection.JSON, json -> write(texts, model, length, request.options(), json));
        try (Connection.Exchange exchange =
                connection.post(url, body, false, connection.details(model), request.context(), request.timeouts())) {
            return read(exchange, texts.size(), model, length);
        }
    }

    private static void write(List<String> texts, String model, OptionalInt length, Options options, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("model", model);
        json.writeArrayFieldStart("input");
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
        json.writeStringField("encoding_format", "base64");
        if (length.isPresent()) {
            json.writeNumberField("dimensions", length.getAsInt());
        }
        if (options.get(OpenAi.USER).isPresent()) {
            json.writeStringField("user", options.get(OpenAi.USER).get());
        }
        ExtraBody.write(options, json);
        json.writeEndObject();
    }

    private static EmbeddingResponse read(Connection.Exchange exchange, int texts, String model, OptionalInt length) {
        HttpAnswer answer = exchange.answer();
        EmbeddingReader reader = new EmbeddingReader(texts);
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
        String fault = reader.fault(length);
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
