package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.EmbeddingCall;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.Set;

/** Voyage's embeddings, asked for as base64. */
final class VoyageEmbeddings implements EmbeddingProtocol {

    private static final Set<String> OWN =
            Set.of("input", "model", "input_type", "truncation", "output_dimension", "output_dtype", "encoding_format");

    @Override
    public String path(EmbeddingCall call) {
        return "/v1/embeddings";
    }

    /** Some models take more; none takes fewer. */
    @Override
    public EmbeddingLimits limits() {
        return EmbeddingLimits.NONE.withTexts(128).withTokens(120_000);
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        Options options = call.request().options();
        json.writeStartObject();
        json.writeFieldName("input");
        json.writeArray(call.texts().toArray(String[]::new), 0, call.texts().size());
        json.writeStringField("model", call.model());
        json.writeStringField(
                "input_type",
                switch (call.request().inputType()) {
                    case QUERY -> "query";
                    case DOCUMENT -> "document";
                });
        json.writeBooleanField("truncation", options.get(Voyage.TRUNCATION).orElse(false));
        if (call.dimensions().isPresent()) {
            json.writeNumberField("output_dimension", call.dimensions().getAsInt());
        }
        json.writeStringField("encoding_format", "base64");
        ExtraBody.write(options, Voyage.EXTRA_BODY, OWN, json);
        json.writeEndObject();
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        ListedEmbeddings.readField(field, json, answer);
    }
}
