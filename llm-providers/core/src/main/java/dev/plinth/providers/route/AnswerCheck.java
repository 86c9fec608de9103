package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says what is wrong with an answer that came in good order. A deployment whose answer has a fault has failed: the call goes
 * elsewhere, unless the caller has seen some of it.
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface AnswerCheck {

    /** What is wrong, in the form {@code x: value (expected: ...)} and without content; empty: nothing. */
    Optional<String> fault(ChatResponse response);

    /** The answer has text, reasoning or a tool call in it. Some models say nothing on purpose, after a tool's result. */
    static AnswerCheck notEmpty() {
        return response -> response.message().parts().isEmpty()
                        || (response.text().isBlank()
                                && response.reasoning().isEmpty()
                                && response.toolCalls().isEmpty())
                ? Optional.of("answer: empty (expected: text or a tool call)")
                : Optional.empty();
    }

    /**
     * The model that answered is this one, or a dated version of it, such as {@code gpt-5-2026-01-01} or {@code
     * gemini-flash-001}; {@code gpt-5-nano} is another one. An answer that names no model passes.
     */
    static AnswerCheck answeredBy(String model) {
        Pattern same = Pattern.compile(Pattern.quote(Check.notBlank(model, "model")) + "([-@:_]\\d{3,}.*)?");
        return response -> response.model()
                .filter(answered -> !same.matcher(answered).matches())
                .map(answered -> "model: " + answered + " (expected: " + model + ")");
    }
}
