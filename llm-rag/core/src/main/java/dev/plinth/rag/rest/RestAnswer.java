package dev.plinth.rag.rest;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.StoreException;

/** What a server answered. */
public final class RestAnswer {
    private static final int LONGEST_REASON = 500;

    private final String call;
    private final int status;
    private final byte[] body;

    RestAnswer(String call, int status, byte[] body) {
        this.call = call;
        this.status = status;
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the status is one of success. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The body, not copied; empty if there was none. */
    public byte[] body() {
        return body;
    }

    /**
     * The error that the answer is: an {@link AuthenticationException} if the credentials were refused, a
     * {@link StoreException} for everything else.
     *
     * @param reason what the server says, without what a user asked or wrote; may be empty
     */
    public LlmException error(String reason) {
        String said = Check.notNull(reason, "reason").strip();
        String cut = said.length() <= LONGEST_REASON ? said : said.substring(0, LONGEST_REASON) + "...";
        String message = call + ": status " + status + (cut.isEmpty() ? "" : ", " + cut) + " (expected: a success)";
        ErrorDetails details = ErrorDetails.builder()
                .httpStatus(status)
                .retryable(status == 429 || status >= 500)
                .build();
        return status == 401 || status == 403
                ? new AuthenticationException(message, details, null)
                : new StoreException(message, details, null);
    }

    /** Names the call and the status, without the body. */
    @Override
    public String toString() {
        return "RestAnswer[" + call + ", status " + status + ", " + body.length + " bytes]";
    }
}
