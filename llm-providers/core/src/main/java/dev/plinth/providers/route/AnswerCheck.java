package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import java.util.Optional;

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
     * The model that answered is this one, or one whose name begins so: vendors answer with dated names. An answer that names
     * no model passes.
     */
    static AnswerCheck answeredBy(String model) {
        Check.notBlank(model, "model");
        return response -> response.model()
                .filter(answered -> !answered.startsWith(model))
                .map(answered -> "model: " + answered + " (expected: " + model + ")");
    }
}
