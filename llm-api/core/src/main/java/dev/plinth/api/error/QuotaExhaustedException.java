package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The account's money or quota is used up: waiting a moment does not help. */
public final class QuotaExhaustedException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public QuotaExhaustedException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("quota_exhausted", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public QuotaExhaustedException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
