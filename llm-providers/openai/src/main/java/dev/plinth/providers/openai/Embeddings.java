package dev.plinth.providers.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.providers.wire.EmbeddingAnswer;
import dev.plinth.providers.wire.EmbeddingCall;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.ExtraBody;
import dev.plinth.providers.wire.Json;
import java.io.IOException;
import java.util.Set;

/** OpenAI's embeddings: asked for as base64, a third of the bytes, and read as numbers too, since servers may ignore that. */
final class Embeddings implements EmbeddingProtocol {

    private static final EmbeddingLimits OPEN_AI =
            EmbeddingLimits.NONE.withTexts(2048).withTokens(300_000);

    private static final EmbeddingLimits MISTRAL = OPEN_AI.withTokens(16_384); // named by the error of its server

    private final Paths paths;
    private final Dialect dialect;
    private final Set<String> own;

    Embeddings(Paths paths, Dialect dialect) {
        this.paths = paths;
        this.dialect = dialect;
        this.own = Set.of("model", "input", dialect.dimensions(), "encoding_format", "user");
    }

    @Override
    public String path(EmbeddingCall call) {
        return paths.of(call.model(), "/embeddings");
    }

    @Override
    public EmbeddingLimits limits() {
        return dialect.equals(Dialect.MISTRAL) ? MISTRAL : OPEN_AI;
    }

    @Override
    public void write(EmbeddingCall call, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", call.model());
        json.writeArrayFieldStart("input");
        for (String text : call.texts()) {
            json.writeString(text);
        }
        json.writeEndArray();
        json.writeStringField("encoding_format", "base64");
        if (call.dimensions().isPresent()) {
            json.writeNumberField(dialect.dimensions(), call.dimensions().getAsInt());
        }
        var user = call.request().options().get(OpenAi.EMBEDDING_USER);
        if (user.isPresent()) {
            json.writeStringField("user", user.get());
        }
        ExtraBody.write(call.request().options(), OpenAi.EXTRA_BODY, own, json);
        json.writeEndObject();
    }

    @Override
    public void readField(String field, JsonParser json, EmbeddingAnswer answer) throws IOException {
        switch (field) {
            case "data" -> answer.readList(json);
            case "model" -> answer.model(Json.text(json, null));
            case "usage" -> UsageReader.read(json, answer.usage());
            default -> {
                if (!answer.errors().read(field, json)) {
                    json.skipChildren();
                }
            }
        }
    }
}
