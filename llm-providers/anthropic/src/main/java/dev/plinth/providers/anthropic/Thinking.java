package dev.plinth.providers.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ReasoningEffort;
import dev.plinth.api.check.Check;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the model shall think.
 *
 * @param type {@code enabled}, {@code adaptive} or {@code disabled}; null: as the vendor likes
 * @param budget how many tokens it may think, 0 unless the type is {@code enabled}
 * @param display how thoughts are shown; null: as the vendor likes
 * @param effort the vendor's degree; null: as the vendor likes
 */
record Thinking(
        @Nullable String type,
        int budget,
        @Nullable String display,
        @Nullable String effort) {

    /** What a request says: its options before its effort. */
    static Thinking of(ChatRequest request) {
        ReasoningEffort effort = request.reasoningEffort().orElse(null);
        Boolean switched = request.options().get(Anthropic.THINKING).orElse(null);
        Integer budget = request.options().get(Anthropic.THINKING_BUDGET).orElse(null);
        String display = request.options().get(Anthropic.THINKING_DISPLAY).orElse(null);
        Check.that(budget == null || budget >= 1024, Anthropic.THINKING_BUDGET.name(), budget, ">= 1024");
        Check.that(budget == null || switched == null, Anthropic.THINKING.name(), switched, "not set beside a budget");
        boolean contradiction = effort == ReasoningEffort.NONE && (budget != null || Boolean.TRUE.equals(switched));
        Check.that(!contradiction, "reasoningEffort", effort, "some, where thinking is asked for");
        String type = type(effort, switched, budget);
        boolean shown = display == null || "enabled".equals(type) || "adaptive".equals(type);
        Check.that(shown, Anthropic.THINKING_DISPLAY.name(), display, "set only where thinking is asked for");
        return new Thinking(type, budget == null ? 0 : budget, display, degree(effort));
    }

    private static @Nullable String type(
            @Nullable ReasoningEffort effort, @Nullable Boolean switched, @Nullable Integer budget) {
        if (budget != null) {
            return "enabled";
        }
        if (switched == null && effort == null) {
            return null;
        }
        boolean thinks = switched == null ? effort != ReasoningEffort.NONE : switched;
        return thinks ? "adaptive" : "disabled";
    }

    private static @Nullable String degree(@Nullable ReasoningEffort effort) {
        if (effort == null || effort == ReasoningEffort.NONE) {
            return null;
        }
        return effort == ReasoningEffort.MINIMAL ? "low" : effort.name().toLowerCase(Locale.ROOT);
    }

    void write(JsonGenerator json) throws IOException {
        if (type == null) {
            return;
        }
        json.writeObjectFieldStart("thinking");
        json.writeStringField("type", type);
        if (budget > 0) {
            json.writeNumberField("budget_tokens", budget);
        }
        if (display != null) {
            json.writeStringField("display", display);
        }
        json.writeEndObject();
    }
}
