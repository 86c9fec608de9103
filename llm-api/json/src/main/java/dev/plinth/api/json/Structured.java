package dev.plinth.api.json;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Usage;
import java.util.List;

/**
 * A typed answer.
 *
 * @param value what the model answered
 * @param responses all answers in order: those that had to be repaired, then the one the value was read from
 */
public record Structured<T>(T value, List<ChatResponse> responses) {

    public Structured {
        Check.notNull(value, "value");
        responses = List.copyOf(Check.notEmpty(responses, "responses"));
    }

    /** The answer that the value was read from. */
    public ChatResponse response() {
        return responses.get(responses.size() - 1);
    }

    /** What all answers together have used. */
    public Usage usage() {
        return sum(responses);
    }

    static Usage sum(List<ChatResponse> responses) {
        return responses.stream().map(ChatResponse::usage).reduce(Usage.NONE, Usage::plus);
    }
}
