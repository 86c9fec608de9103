package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The request is longer than the model's context. */
public final class ContextTooLongException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public ContextTooLongException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("context_too_long", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public ContextTooLongException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
