package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** A store cannot be read or written: damaged, of another version, or not there. */
public final class StoreException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public StoreException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("store", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public StoreException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
