package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** A limit of time was reached: to connect, to the first token, between tokens, in all, or the deadline. */
public final class TimedOutException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public TimedOutException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("timed_out", true, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public TimedOutException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
