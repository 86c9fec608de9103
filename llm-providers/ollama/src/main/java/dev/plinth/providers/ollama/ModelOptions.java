package dev.plinth.providers.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Writes what a request says of sampling and of the model's run, which Ollama wants in an object of its own; that object
 * is only there when it holds something.
 */
final class ModelOptions {

    /** What {@link Ollama#OPTIONS} must not say again. */
    private static final Set<String> OWN = Set.of(
            "temperature", "top_p", "top_k", "min_p", "num_predict", "num_ctx", "seed", "stop", "repeat_penalty");

    private final JsonGenerator json;
    private boolean begun;

    private ModelOptions(JsonGenerator json) {
        this.json = json;
    }

    /** Those of a chat. */
    static void write(ChatRequest request, JsonGenerator json) throws IOException {
        ModelOptions written = new ModelOptions(json);
        written.sampling(request);
        written.run(request.options());
        written.end();
    }

    /** Those of embeddings. */
    static void write(Options options, JsonGenerator json) throws IOException {
        ModelOptions written = new ModelOptions(json);
        written.run(options);
        written.end();
    }

    private void sampling(ChatRequest request) throws IOException {
        if (request.temperature().isPresent()) {
            field("temperature").writeNumber(request.temperature().getAsDouble());
        }
        if (request.topP().isPresent()) {
            field("top_p").writeNumber(request.topP().getAsDouble());
        }
        if (request.maxOutputTokens().isPresent()) {
            field("num_predict").writeNumber(request.maxOutputTokens().getAsInt());
        }
        if (request.seed().isPresent()) {
            field("seed").writeNumber(request.seed().getAsLong());
        }
        if (!request.stop().isEmpty()) {
            String[] stop = request.stop().toArray(String[]::new);
            field("stop").writeArray(stop, 0, stop.length);
        }
        whole("top_k", request.options().get(Ollama.TOP_K));
        decimal("min_p", request.options().get(Ollama.MIN_P));
        decimal("repeat_penalty", request.options().get(Ollama.REPEAT_PENALTY));
    }

    private void run(Options options) throws IOException {
        whole("num_ctx", options.get(Ollama.NUM_CTX));
        if (options.get(Ollama.OPTIONS).isPresent()) {
            begin();
            ExtraBody.write(options, Ollama.OPTIONS, OWN, json);
        }
    }

    private void whole(String name, Optional<Integer> value) throws IOException {
        if (value.isPresent()) {
            field(name).writeNumber(value.get());
        }
    }

    private void decimal(String name, Optional<Double> value) throws IOException {
        if (value.isPresent()) {
            field(name).writeNumber(value.get());
        }
    }

    private JsonGenerator field(String name) throws IOException {
        begin();
        json.writeFieldName(name);
        return json;
    }

    private void begin() throws IOException {
        if (!begun) {
            json.writeObjectFieldStart("options");
            begun = true;
        }
    }

    private void end() throws IOException {
        if (begun) {
            json.writeEndObject();
        }
    }
}
