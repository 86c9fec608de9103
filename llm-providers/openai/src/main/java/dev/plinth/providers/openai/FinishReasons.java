package dev.plinth.providers.openai;

import dev.plinth.api.chat.FinishReason;
import org.jspecify.annotations.Nullable;

/** The finish reasons of servers that speak the protocol. */
final class FinishReasons {

    private FinishReasons() {}

    /** A call that is there decides, whatever the server says: several say {@code stop} beside it. */
    static FinishReason of(@Nullable String raw, boolean hasToolCalls) {
        if (raw == null) {
            return hasToolCalls ? FinishReason.TOOL_CALLS : FinishReason.OTHER;
        }
        return switch (raw) {
            case "length", "max_tokens", "model_length" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            case "error" -> FinishReason.ERROR;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "stop", "eos", "stop_sequence", "end_turn" ->
                hasToolCalls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            default -> hasToolCalls ? FinishReason.TOOL_CALLS : FinishReason.OTHER;
        };
    }
}
