package dev.plinth.providers.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.chat.ResponseFormat;
import dev.plinth.api.check.Check;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.option.Options;
import dev.plinth.providers.wire.ChatCall;
import dev.plinth.providers.wire.ExtraBody;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Writes a request's {@code generationConfig}, where there is something to say. */
final class GenerationWriter {

    /** What {@link Gemini#GENERATION_CONFIG} must not say again; and one answer is what a response can hold. */
    private static final Set<String> OWN = Set.of(
            "temperature",
            "topP",
            "topK",
            "candidateCount",
            "maxOutputTokens",
            "stopSequences",
            "seed",
            "presencePenalty",
            "frequencyPenalty",
            "responseLogprobs",
            "logprobs",
            "responseMimeType",
            "responseSchema",
            "responseJsonSchema",
            "thinkingConfig");

    private final ChatCall call;
    private final ChatRequest request;
    private final Options options;
    private final Schemas schemas;
    private final JsonGenerator json;
    private boolean begun;

    GenerationWriter(ChatCall call, Schemas schemas, JsonGenerator json) {
        this.call = call;
        this.request = call.request();
        this.options = request.options();
        this.schemas = schemas;
        this.json = json;
    }

    void write() throws IOException {
        writeSampling();
        writeLimits();
        writeLogprobs();
        writeFormat();
        writeThinking();
        if (options.get(Gemini.GENERATION_CONFIG).isPresent()) {
            ExtraBody.write(options, Gemini.GENERATION_CONFIG, OWN, config());
        }
        if (begun) {
            json.writeEndObject();
        }
    }

    /** The generator inside the object, which begins with the first field. */
    private JsonGenerator config() throws IOException {
        if (!begun) {
            begun = true;
            json.writeObjectFieldStart("generationConfig");
        }
        return json;
    }

    private void writeSampling() throws IOException {
        if (request.temperature().isPresent()) {
            config().writeNumberField("temperature", request.temperature().getAsDouble());
        }
        if (request.topP().isPresent()) {
            config().writeNumberField("topP", request.topP().getAsDouble());
        }
        if (options.get(Gemini.TOP_K).isPresent()) {
            config().writeNumberField("topK", options.get(Gemini.TOP_K).get());
        }
        if (request.seed().isPresent()) {
            long seed = request.seed().getAsLong();
            call.require(seed == (int) seed, "seed-range", "seed: " + seed, "an int");
            config().writeNumberField("seed", seed);
        }
        writePenalty("presencePenalty", Gemini.PRESENCE_PENALTY);
        writePenalty("frequencyPenalty", Gemini.FREQUENCY_PENALTY);
    }

    private void writePenalty(String field, OptionKey<Double> key) throws IOException {
        Optional<Double> penalty = options.get(key);
        if (penalty.isPresent()) {
            config().writeNumberField(field, penalty.get());
        }
    }

    private void writeLimits() throws IOException {
        if (request.maxOutputTokens().isPresent()) {
            config().writeNumberField(
                            "maxOutputTokens", request.maxOutputTokens().getAsInt());
        }
        if (!request.stop().isEmpty()) {
            config().writeArrayFieldStart("stopSequences");
            for (String text : request.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
    }

    private void writeLogprobs() throws IOException {
        if (request.logprobs().isPresent()) {
            config().writeBooleanField("responseLogprobs", true);
            if (request.logprobs().getAsInt() > 0) {
                json.writeNumberField("logprobs", request.logprobs().getAsInt());
            }
        }
    }

    private void writeFormat() throws IOException {
        if (request.responseFormat() instanceof ResponseFormat.Text) {
            return;
        }
        config().writeStringField("responseMimeType", "application/json");
        if (request.responseFormat() instanceof ResponseFormat.Schema schema) {
            schemas.writeResponse(schema.schema(), json);
        }
    }

    private void writeThinking() throws IOException {
        Optional<ReasoningEffort> effort = request.reasoningEffort();
        Optional<Integer> budget = options.get(Gemini.THINKING_BUDGET);
        Optional<Boolean> shown = options.get(Gemini.INCLUDE_THOUGHTS);
        Check.that(
                effort.isEmpty() || budget.isEmpty(),
                Gemini.THINKING_BUDGET.name(),
                budget.orElse(null),
                "none beside a reasoningEffort");
        if (effort.isEmpty() && budget.isEmpty() && shown.isEmpty()) {
            return;
        }
        config().writeObjectFieldStart("thinkingConfig");
        if (shown.isPresent()) {
            json.writeBooleanField("includeThoughts", shown.get());
        }
        if (budget.isPresent()) {
            json.writeNumberField("thinkingBudget", budget.get());
        } else if (effort.isPresent() && Generation.beforeThree(call.model())) {
            json.writeNumberField("thinkingBudget", budget(effort.get()));
        } else if (effort.isPresent()) {
            json.writeStringField("thinkingLevel", level(effort.get()));
        }
        json.writeEndObject();
    }

    private static String level(ReasoningEffort effort) {
        return switch (effort) {
            case NONE, MINIMAL -> "MINIMAL";
            case LOW -> "LOW";
            case MEDIUM -> "MEDIUM";
            case HIGH, XHIGH, MAX -> "HIGH";
        };
    }

    /** As Google translates the efforts of OpenAI's protocol. */
    private static int budget(ReasoningEffort effort) {
        return switch (effort) {
            case NONE -> 0;
            case MINIMAL, LOW -> 1024;
            case MEDIUM -> 8192;
            case HIGH, XHIGH, MAX -> 24_576;
        };
    }
}
