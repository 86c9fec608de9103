package dev.plinth.api.batch;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.LlmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request of a batch: an answer, or an error as a single call would have thrown it.
 *
 * <p>Immutable and thread-safe.
 */
public final class BatchResult {

    private final String id;
    private final @Nullable ChatResponse response;
    private final @Nullable LlmException error;

    private BatchResult(String id, @Nullable ChatResponse response, @Nullable LlmException error) {
        this.id = Check.notBlank(id, "id");
        this.response = response;
        this.error = error;
    }

    /** The request with this id was answered. */
    public static BatchResult answered(String id, ChatResponse response) {
        return new BatchResult(id, Check.notNull(response, "response"), null);
    }

    /** The request with this id came to nothing. */
    public static BatchResult failed(String id, LlmException error) {
        return new BatchResult(id, null, Check.notNull(error, "error"));
    }

    /** The id of the {@link BatchRequest}. */
    public String id() {
        return id;
    }

    /** The answer; empty when there is an {@link #error()}. */
    public Optional<ChatResponse> response() {
        return Optional.ofNullable(response);
    }

    /**
     * Why there is no answer; empty when there is one. A request that the batch did not come to before it expired has a
     * {@link dev.plinth.api.error.TimedOutException}, one that was cancelled with it a {@link
     * dev.plinth.api.error.CancelledException}.
     */
    public Optional<LlmException> error() {
        return Optional.ofNullable(error);
    }

    @Override
    public String toString() {
        return "BatchResult[" + id + ", " + (error == null ? "answered" : error.code()) + "]";
    }
}
