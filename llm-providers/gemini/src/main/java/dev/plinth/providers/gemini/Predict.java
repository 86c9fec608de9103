package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.EmbeddingCall;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.Set;

/** Vertex AI's method {@code predict}, which its first generation of embedding models has. */
final class Predict implements EmbeddingProtocol {

    private static final Set<String> OWN = Set.of("outputDimensionality");

    private final ModelPath models;
    private final EmbeddingLimits limits;

    /** @param limits what the models take in one call */
    Predict(ModelPath models, EmbeddingLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    @Override
    public String path(EmbeddingCall call) {
        return models.of(call.model(), "predict");
    }

    @Override
    public EmbeddingLimits limits() {
        return limits;
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        EmbeddingTask task = EmbeddingTask.of(call);
        json.writeStartObject();
        json.writeArrayFieldStart("instances");
        for (String text : call.texts()) {
            json.writeStartObject();
            json.writeStringField("content", task.prefix() + text);
            if (!task.type().isEmpty()) {
                json.writeStringField("task_type", task.type());
            }
            if (!task.title().isEmpty()) {
                json.writeStringField("title", task.title());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("parameters");
        if (call.dimensions().isPresent()) {
            json.writeNumberField("outputDimensionality", call.dimensions().getAsInt());
        }
        ExtraBody.write(call.request().options(), Gemini.EXTRA_BODY, OWN, json);
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        EmbeddingReader.read(field, json, answer);
    }
}
