package dev.plinth.providers.wire;

import dev.plinth.api.chat.FinishReason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The finish reasons of all protocols; gateways hand through those of others, so there is one table. */
final class FinishReasons {

    private FinishReasons() {}

    /**
     * A call that is there decides, since several servers say {@code stop} beside it; but not over what broke the answer
     * off, and the call with it.
     */
    static FinishReason of(@Nullable String raw, boolean hasToolCalls) {
        FinishReason said = raw == null ? FinishReason.OTHER : said(raw.toLowerCase(Locale.ROOT));
        boolean whole = said == FinishReason.STOP || said == FinishReason.OTHER;
        return whole && hasToolCalls ? FinishReason.TOOL_CALLS : said;
    }

    private static FinishReason said(String word) {
        return switch (word) {
            case "stop", "eos", "end_turn", "stop_sequence", "complete", "completed" -> FinishReason.STOP;
            case "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded" ->
                FinishReason.LENGTH;
            case "tool_calls", "tool_call", "tool_use", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter",
                    "content_filtered",
                    "guardrail_intervened",
                    "safety",
                    "image_safety",
                    "image_prohibited_content",
                    "image_recitation",
                    "recitation",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "model_armor" -> FinishReason.CONTENT_FILTER;
            case "refusal" -> FinishReason.REFUSAL;
            case "pause_turn", "compaction" -> FinishReason.PAUSE;
            case "error",
                    "failed",
                    "malformed_function_call",
                    "unexpected_tool_call",
                    "too_many_tool_calls",
                    "malformed_response",
                    "malformed_model_output",
                    "malformed_tool_use" -> FinishReason.ERROR;
            default -> FinishReason.OTHER;
        };
    }
}
