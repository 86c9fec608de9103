package dev.plinth.api.error;

import dev.plinth.api.usage.Usage;
import org.jspecify.annotations.Nullable;

/** Too many requests or tokens for now. {@link ErrorDetails#retryAfter()} says how long to wait, where the provider does. */
public final class RateLimitedException extends LlmException {

    private static final long serialVersionUID = 1L;

    private final boolean ownLimit;

    /** An error with these details. */
    public RateLimitedException(String message, ErrorDetails details, @Nullable Throwable cause) {
        this(message, details, cause, false);
    }

    private RateLimitedException(String message, ErrorDetails details, @Nullable Throwable cause, boolean ownLimit) {
        super("rate_limited", true, message, details, cause);
        this.ownLimit = ownLimit;
    }

    /** An error of which no more than the message is known. */
    public RateLimitedException(String message) {
        this(message, ErrorDetails.NONE, null);
    }

    /** The error of a limit on this side: the call was not sent, and used nothing. */
    public static RateLimitedException ofOwnLimit(String message, ErrorDetails details) {
        RateLimitedException own = new RateLimitedException(message, details, null, true);
        own.setPartial("", Usage.NONE);
        return own;
    }

    /** Whether a limit on this side refused the call, and not the provider: it says nothing about the provider. */
    public boolean isOwnLimit() {
        return ownLimit;
    }
}
