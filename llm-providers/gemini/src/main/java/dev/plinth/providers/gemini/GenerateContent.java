package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.providers.HttpAnswer;
import dev.plinth.providers.HttpCall;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ChatProtocol;
import dev.plinth.providers.wire.JsonFrames;
import java.io.IOException;

/** The methods {@code generateContent} and {@code streamGenerateContent}. */
final class GenerateContent implements ChatProtocol {

    private final ModelPath models;
    private final Schemas schemas;

    GenerateContent(ModelPath models, Schemas schemas) {
        this.models = models;
        this.schemas = schemas;
    }

    @Override
    public String path(ChatCall call) {
        return models.of(call.model(), call.streamed() ? "streamGenerateContent" : "generateContent")
                + (call.streamed() ? "?alt=sse" : "");
    }

    @Override
    public void write(ChatCall call, JsonGenerator json) throws IOException {
        json.writeStartObject();
        new RequestWriter(call, schemas, models.vertex()).write(json);
        json.writeEndObject();
    }

    /** Vertex AI wants the class of service in its head. */
    @Override
    public void addHeaders(ChatCall call, HttpCall.Builder headers) {
        String tier = models.vertex() ? call.request().serviceTier().orElse("") : "";
        switch (tier) {
            case "" -> {
                // as Vertex AI likes, or in the body
            }
            case "flex", "priority" -> headers.header("X-Vertex-AI-LLM-Shared-Request-Type", tier);
            case "shared", "dedicated" -> headers.header("X-Vertex-AI-LLM-Request-Type", tier);
            default ->
                throw call.unsupported(
                        "service-tier", "serviceTier: " + tier, "flex, priority, shared or dedicated on Vertex AI");
        }
    }

    @Override
    public AnswerReader reader(ChatCall call) {
        return new ContentReader(call.streamed());
    }

    /** Servers that pass over {@code alt=sse} stream an array of JSON. */
    @Override
    public boolean hasFrames(HttpAnswer answer) {
        return true;
    }

    @Override
    public JsonFrames frames(HttpAnswer answer) {
        return new ContentFrames(answer.body());
    }
}
