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

/** The method {@code batchEmbedContents} of the Gemini API, or {@code embedContent}, which Vertex AI has in its stead. */
final class EmbedContents implements EmbeddingProtocol {

    private static final Set<String> OWN = Set.of("model", "content", "taskType", "title", "outputDimensionality");

    private final ModelPath models;

    EmbedContents(ModelPath models) {
        this.models = models;
    }

    @Override
    public String path(EmbeddingCall call) {
        return models.of(call.model(), models.vertex() ? "embedContent" : "batchEmbedContents");
    }

    @Override
    public EmbeddingLimits limits() {
        return EmbeddingLimits.NONE.withTexts(models.vertex() ? 1 : 100);
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        if (models.vertex()) {
            json.writeStartObject();
            writeFields(call, call.texts().get(0), json);
            json.writeEndObject();
            return;
        }
        json.writeStartObject();
        json.writeArrayFieldStart("requests");
        for (String text : call.texts()) {
            json.writeStartObject();
            json.writeStringField("model", models.resource(call.model()));
            writeFields(call, text, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeFields(EmbeddingCall call, String text, JsonGenerator json) throws IOException {
        EmbeddingTask task = EmbeddingTask.of(call);
        json.writeObjectFieldStart("content");
        json.writeStringField("role", "user");
        json.writeArrayFieldStart("parts");
        json.writeStartObject();
        json.writeStringField("text", task.prefix() + text);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        if (!task.type().isEmpty()) {
            json.writeStringField("taskType", task.type());
        }
        if (!task.title().isEmpty()) {
            json.writeStringField("title", task.title());
        }
        if (call.dimensions().isPresent()) {
            json.writeNumberField("outputDimensionality", call.dimensions().getAsInt());
        }
        ExtraBody.write(call.request().options(), Gemini.EXTRA_BODY, OWN, json);
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        EmbeddingReader.read(field, json, answer);
    }
}
