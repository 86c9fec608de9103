package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.EmbeddingCall;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.ExtraBody;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.Set;

/** Ollama's embeddings. Reads also the one vector of the older {@code /api/embeddings}. */
final class Embeddings implements EmbeddingProtocol {

    private static final Set<String> OWN = Set.of("model", "input", "dimensions", "truncate", "keep_alive", "options");

    @Override
    public String path(EmbeddingCall call) {
        return "/api/embed";
    }

    /** The server knows no limit; a call shall not last for minutes either. */
    @Override
    public EmbeddingLimits limits() {
        return EmbeddingLimits.NONE.withTexts(512);
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        Options options = call.request().options();
        json.writeStartObject();
        json.writeStringField("model", call.model());
        json.writeArrayFieldStart("input");
        for (String text : call.texts()) {
            json.writeString(text);
        }
        json.writeEndArray();
        json.writeBooleanField("truncate", options.get(Ollama.TRUNCATE).orElse(false));
        if (call.dimensions().isPresent()) {
            json.writeNumberField("dimensions", call.dimensions().getAsInt());
        }
        ModelOptions.write(options, json);
        KeepAlive.write(options, json);
        ExtraBody.write(options, Ollama.EXTRA_BODY, OWN, json);
        json.writeEndObject();
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        switch (field) {
            case "embeddings" -> {
                if (Json.isArray(json)) {
                    while (Json.nextElement(json)) {
                        answer.add(answer.nextIndex(), answer.vector(json));
                    }
                }
            }
            case "embedding" -> answer.add(answer.nextIndex(), answer.vector(json));
            case "model" -> answer.model(Json.text(json, null));
            case "prompt_eval_count" -> answer.usage().input(Json.number(json, -1));
            default -> {
                if (!answer.errors().read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }
}
