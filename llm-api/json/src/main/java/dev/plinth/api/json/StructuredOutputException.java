package dev.plinth.api.json;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text is not the value that was asked for, and repairs did not help; or the answer did not come to its end: it was
 * refused, filtered, cut at a limit of tokens, or asks for tools nobody runs. The message holds nothing of the text.
 *
 * <p>How many answers were tried is {@code details().attempts()}; the request id is that of the last one. Not
 * retryable: the repairs were the retries.
 */
public final class StructuredOutputException extends LlmException {

    private static final long serialVersionUID = 1L;

    private final String rawText;
    private final FinishReason finishReason;
    private final transient @Nullable List<Violation> violations;

    private StructuredOutputException(
            String message,
            String rawText,
            FinishReason finishReason,
            List<Violation> violations,
            List<ChatResponse> responses,
            ErrorDetails details) {
        super("structured_output", false, message, details, null);
        this.rawText = rawText;
        this.finishReason = finishReason;
        this.violations = List.copyOf(violations);
        setPartial(rawText, Structured.sum(responses));
    }

    static StructuredOutputException mismatch(
            String type,
            String rawText,
            List<Violation> violations,
            List<ChatResponse> responses,
            ErrorDetails details) {
        String count = violations.size() == 1 ? "1 violation" : violations.size() + " violations, the first";
        String message = "answer: " + count + " at " + violations.get(0).path() + " (expected: JSON of " + type + ")";
        return new StructuredOutputException(message, rawText, FinishReason.STOP, violations, responses, details);
    }

    static StructuredOutputException unfinished(
            String type, String rawText, FinishReason reason, List<ChatResponse> responses, ErrorDetails details) {
        String message = "answer: ended with " + reason + " (expected: STOP, and JSON of " + type + ")";
        return new StructuredOutputException(message, rawText, reason, List.of(), responses, details);
    }

    /** The last text as the model wrote it; empty when it wrote none. */
    public String rawText() {
        return rawText;
    }

    /** Everything that is wrong with the text; empty when the answer did not come to its end. */
    public List<Violation> violations() {
        return violations == null ? List.of() : violations;
    }

    /** Why the last answer ended: {@link FinishReason#STOP} when the text is what is wrong. */
    public FinishReason finishReason() {
        return finishReason;
    }

    /** What all attempts together have used. */
    public Usage usage() {
        return partialUsage();
    }
}
