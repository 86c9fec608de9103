package dev.plinth.providers.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.providers.wire.ChatCall;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much a model shall think, in the words of its family where Bedrock only hands them on, else in Converse's own
 * field.
 */
record Effort(Family family, @Nullable ReasoningEffort wanted) {

    /** Models by whose words they take. */
    enum Family {
        CLAUDE("thinking", "output_config"),
        OPENAI("reasoning_effort"),
        QWEN("reasoning_config"),
        OTHER;

        private final Set<String> fields;

        Family(String... fields) {
            this.fields = Set.of(fields);
        }

        static Family of(String model) {
            return model.contains("anthropic.claude")
                    ? CLAUDE
                    : model.contains("openai.gpt-oss") ? OPENAI : model.contains("qwen.qwen3") ? QWEN : OTHER;
        }
    }

    /** What a call asks for, or an error where the model cannot be told not to think. */
    static Effort of(ChatCall call) {
        ReasoningEffort wanted = call.request().reasoningEffort().orElse(null);
        Family family = Family.of(call.model());
        call.require(
                wanted != ReasoningEffort.NONE || family == Family.CLAUDE,
                "reasoning-effort",
                "reasoningEffort: NONE for " + call.model(),
                "MINIMAL or more");
        return new Effort(family, wanted);
    }

    /** The model's own fields that say it. */
    Set<String> modelFields() {
        return wanted == null ? Set.of() : family.fields;
    }

    void writeModelFields(JsonGenerator json) throws IOException {
        if (wanted == null) {
            return;
        }
        switch (family) {
            case CLAUDE -> writeThinking(json);
            case OPENAI -> json.writeStringField("reasoning_effort", upToHigh());
            case QWEN -> json.writeStringField("reasoning_config", upToHigh().equals("low") ? "low" : "high");
            case OTHER -> {
                // it has none
            }
        }
    }

    private void writeThinking(JsonGenerator json) throws IOException {
        boolean thinks = wanted != ReasoningEffort.NONE;
        json.writeObjectFieldStart("thinking");
        json.writeStringField("type", thinks ? "adaptive" : "disabled");
        json.writeEndObject();
        if (thinks) {
            json.writeObjectFieldStart("output_config");
            json.writeStringField("effort", fromLow());
            json.writeEndObject();
        }
    }

    /** What Converse's own field says; empty: the model's say it. */
    Optional<String> degree() {
        return wanted == null || family != Family.OTHER ? Optional.empty() : Optional.of(fromLow());
    }

    private String fromLow() {
        return wanted == null || wanted == ReasoningEffort.MINIMAL
                ? "low"
                : wanted.name().toLowerCase(Locale.ROOT);
    }

    private String upToHigh() {
        String degree = fromLow();
        return degree.equals("xhigh") || degree.equals("max") ? "high" : degree;
    }
}
