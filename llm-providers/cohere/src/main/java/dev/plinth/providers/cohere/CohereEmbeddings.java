package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.EmbeddingCall;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.ExtraBody;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.Set;

/** Cohere's embeddings, as numbers. */
final class CohereEmbeddings implements EmbeddingProtocol {

    private static final Set<String> OWN =
            Set.of("model", "texts", "input_type", "embedding_types", "truncate", "output_dimension");

    @Override
    public String path(EmbeddingCall call) {
        return "/v2/embed";
    }

    @Override
    public EmbeddingLimits limits() {
        return EmbeddingLimits.NONE.withTexts(96);
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        Options options = call.request().options();
        json.writeStartObject();
        json.writeStringField("model", call.model());
        json.writeStringField(
                "input_type",
                switch (call.request().inputType()) {
                    case QUERY -> "search_query";
                    case DOCUMENT -> "search_document";
                });
        json.writeFieldName("texts");
        json.writeArray(call.texts().toArray(String[]::new), 0, call.texts().size());
        json.writeFieldName("embedding_types");
        json.writeArray(new String[] {"float"}, 0, 1);
        json.writeStringField("truncate", options.get(Cohere.TRUNCATE).orElse("NONE"));
        if (call.dimensions().isPresent()) {
            json.writeNumberField("output_dimension", call.dimensions().getAsInt());
        }
        ExtraBody.write(options, Cohere.EXTRA_BODY, OWN, json);
        json.writeEndObject();
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        switch (field) {
            case "embeddings" -> readEmbeddings(json, answer);
            case "meta" -> TokenCounts.read(json, answer.usage());
            default -> {
                if (!answer.errors().read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }

    /** By kind, of which one was asked for; of version 1, without. */
    private static void readEmbeddings(JsonParser json, EmbeddingAnswer answer) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            readVectors(json, answer);
        } else if (Json.isObject(json)) {
            for (String kind = Json.nextField(json); kind != null; kind = Json.nextField(json)) {
                boolean floats = kind.equals("float") || kind.equals("base64");
                if (floats && answer.nextIndex() == 0 && json.currentToken() == JsonToken.START_ARRAY) {
                    readVectors(json, answer);
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private static void readVectors(JsonParser json, EmbeddingAnswer answer) throws IOException {
        while (Json.nextElement(json)) {
            answer.add(answer.nextIndex(), answer.vector(json));
        }
    }
}
