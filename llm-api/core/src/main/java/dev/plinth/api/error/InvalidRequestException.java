package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The provider refused the request as wrong. Sending it again changes nothing. */
public final class InvalidRequestException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public InvalidRequestException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("invalid_request", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public InvalidRequestException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
