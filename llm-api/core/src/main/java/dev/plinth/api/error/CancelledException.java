package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The caller gave the call up: the stream was closed or the thread interrupted. The interrupt flag of the thread stays set. */
public final class CancelledException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public CancelledException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("cancelled", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public CancelledException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
