package dev.plinth.api.error;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of a call. Its subclasses are the few categories a caller can act on; SPI authors may add
 * their own. The message has the form {@code name: value (expected: ...)} where it can, followed by the details that
 * are known, and never holds a key or a prompt.
 *
 * <p>Bad arguments are not calls: they are refused with {@link IllegalArgumentException}.
 *
 * <p>Thread-safe once thrown.
 */
public class LlmException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int FIRST_REFUSAL = 300;

    private final String code;
    private final boolean retryable;
    private transient ErrorDetails details;
    private String known; // the details in words, which survive serialisation
    private transient List<Attempt> attempts = List.of();
    private @Nullable String partialText;
    private transient @Nullable Usage partialUsage;

    /**
     * For subclasses.
     *
     * @param code stable, lower case with underscores, such as {@code rate_limited}
     * @param retryable whether the same call may succeed later
     * @param message what was wrong, without key and prompt
     */
    protected LlmException(
            String code, boolean retryable, String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Check.notBlank(code, "code");
        this.retryable = retryable;
        this.details = details;
        this.known = details.toString();
    }

    /** The stable name of the category, for metrics and logs, such as {@code rate_limited}. */
    public final String code() {
        return code;
    }

    /** Whether the same call may succeed when it is made again later: as the provider says, else as the category is. */
    public final boolean isRetryable() {
        return details().retryable().orElse(retryable);
    }

    /** What is known of the circumstances. */
    public final ErrorDetails details() {
        return details == null ? ErrorDetails.NONE : details;
    }

    /** The text that had arrived before a stream failed; empty when none had. */
    public final String partialText() {
        return partialText == null ? "" : partialText;
    }

    /**
     * What the failed call had used by then. When nobody said: {@link Usage#NONE} if a server refused it with a status,
     * since that did no work for it, else {@link Usage#UNKNOWN}.
     */
    public final Usage partialUsage() {
        if (partialUsage != null) {
            return partialUsage;
        }
        boolean refused = details().httpStatus().orElse(0) >= FIRST_REFUSAL;
        return refused ? Usage.NONE : Usage.UNKNOWN;
    }

    /**
     * Says what had arrived before the failure. The stream next to the wire says it first; a layer that changes text,
     * such as a masking one, says it again in its own words.
     *
     * @return this
     */
    public final LlmException setPartial(String text, Usage usage) {
        partialText = Check.notNull(text, "text");
        partialUsage = Check.notNull(usage, "usage");
        return this;
    }

    /** All that was tried before the call failed, in order; empty when nobody kept a list. */
    public final List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }

    /**
     * What the failed call cost: that of its attempts. Absent when something was used outside of them, such as by the part
     * of a request that is done, or when the cost of one is not known.
     */
    public final Optional<Cost> cost() {
        return Attempt.addUp(attempts(), partialUsage()) ? Attempt.totalCost(attempts()) : Optional.empty();
    }

    /**
     * Says what was tried; for layers that try again or elsewhere.
     *
     * @return this
     */
    public final LlmException setAttempts(List<Attempt> tried) {
        attempts = List.copyOf(tried);
        details = details().toBuilder().attempts(Math.max(1, tried.size())).build();
        known = details.toString();
        return this;
    }

    /** What was wrong, followed by the details that are known. */
    @Override
    public String getMessage() {
        String message = String.valueOf(super.getMessage());
        return known.isEmpty() ? message : message + " [" + known + "]";
    }
}
