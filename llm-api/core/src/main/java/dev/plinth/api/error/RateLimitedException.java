package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** Too many requests or tokens for now. {@link ErrorDetails#retryAfter()} says how long to wait, where the provider does. */
public final class RateLimitedException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public RateLimitedException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("rate_limited", true, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public RateLimitedException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
