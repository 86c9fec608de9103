package dev.plinth.api.error;

import org.jspecify.annotations.Nullable;

/** The provider's own content filter refused the request or the answer. */
public final class ContentFilteredException extends LlmException {

    private static final long serialVersionUID = 1L;

    /** An error with these details. */
    public ContentFilteredException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super("content_filtered", false, message, details, cause);
    }

    /** An error of which no more than the message is known. */
    public ContentFilteredException(String message) {
        this(message, ErrorDetails.NONE, null);
    }
}
