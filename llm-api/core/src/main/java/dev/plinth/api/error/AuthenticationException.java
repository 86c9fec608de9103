package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The provider does not know the key, or the key may not do this. */
public final class AuthenticationException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public AuthenticationException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("authentication", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public AuthenticationException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
