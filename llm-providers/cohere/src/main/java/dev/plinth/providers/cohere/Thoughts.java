package dev.plinth.providers.cohere;

import dev.plinth.api.chat.Part;
import dev.plinth.providers.wire.AnswerParts;
import org.jspecify.annotations.Nullable;

/**
 * What the model thinks comes in two places: in blocks of the content, and as the plan beside the tool calls. Cohere signs
 * neither, so the place stands where other vendors have a signature: it says whose thought this is and where it goes back
 * to.
 *
 * <p>Not thread-safe.
 */
final class Thoughts {

    static final String THINKING = "thinking";
    static final String PLAN = "tool_plan";

    private final AnswerParts parts;
    private @Nullable String open;

    /** Thoughts of an answer that is read. */
    Thoughts(AnswerParts parts) {
        this.parts = parts;
    }

    /** More of a thought of this place. */
    void add(String place, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (!place.equals(open)) {
            parts.endBlock();
            parts.signature(Cohere.PROTOCOL, place);
            open = place;
        }
        parts.reasoning(text);
    }

    /** Something else came: the next thought is another one. */
    void end() {
        open = null;
    }

    static boolean isThinking(Part part) {
        return isOf(THINKING, part);
    }

    static boolean isPlan(Part part) {
        return isOf(PLAN, part);
    }

    private static boolean isOf(String place, Part part) {
        return part instanceof Part.Reasoning reasoning
                && Cohere.PROTOCOL.equals(reasoning.protocol())
                && place.equals(reasoning.signature());
    }
}
