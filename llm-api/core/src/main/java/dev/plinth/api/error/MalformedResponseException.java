package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The provider's answer breaks its protocol: not what was asked for, garbled, or cut short. */
public final class MalformedResponseException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public MalformedResponseException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("malformed_response", true, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public MalformedResponseException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
