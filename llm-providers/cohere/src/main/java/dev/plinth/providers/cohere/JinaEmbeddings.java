package dev.plinth.providers.cohere;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.EmbeddingCall;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.Set;

/** Jina's embeddings, asked for as base64. */
final class JinaEmbeddings implements EmbeddingProtocol {

    private static final Set<String> OWN =
            Set.of("model", "input", "task", "dimensions", "embedding_type", "return_multivector");

    @Override
    public String path(EmbeddingCall call) {
        return "/v1/embeddings";
    }

    @Override
    public EmbeddingLimits limits() {
        return EmbeddingLimits.NONE.withTexts(512);
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        Options options = call.request().options();
        json.writeStartObject();
        json.writeStringField("model", call.model());
        json.writeFieldName("input");
        json.writeArray(call.texts().toArray(String[]::new), 0, call.texts().size());
        json.writeStringField("task", options.get(Jina.TASK).orElseGet(() -> task(call)));
        if (call.dimensions().isPresent()) {
            json.writeNumberField("dimensions", call.dimensions().getAsInt());
        }
        json.writeStringField("embedding_type", "base64");
        ExtraBody.write(options, Jina.EXTRA_BODY, OWN, json);
        json.writeEndObject();
    }

    /** The models for code know other tasks; to find code by a question is the one they take for granted. */
    private static String task(EmbeddingCall call) {
        String family = call.model().startsWith("jina-code-") ? "nl2code" : "retrieval";
        return family + (call.request().inputType() == InputType.QUERY ? ".query" : ".passage");
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        ListedEmbeddings.readField(field, json, answer);
    }
}
