package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The provider cannot serve the call for now: overloaded, unavailable or failed inside. */
public final class OverloadedException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public OverloadedException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("overloaded", true, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public OverloadedException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
