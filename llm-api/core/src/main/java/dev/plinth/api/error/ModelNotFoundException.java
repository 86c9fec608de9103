package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The provider has no model of this name, or not for this key. */
public final class ModelNotFoundException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public ModelNotFoundException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("model_not_found", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public ModelNotFoundException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
