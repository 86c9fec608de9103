package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The connection failed: refused, reset, unknown host, TLS. */
public final class TransportException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public TransportException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("transport", true, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public TransportException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
