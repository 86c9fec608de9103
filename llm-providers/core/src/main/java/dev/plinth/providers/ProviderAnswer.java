package dev.plinth.providers;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a success, which may still say inside that it failed.
 *
 * <p>Read by one thread; {@link #close()} from any.
 */
public final class ProviderAnswer implements AutoCloseable {

    private final HttpAnswer http;
    private final @Nullable Secret secret;

    ProviderAnswer(HttpAnswer http, @Nullable Secret secret) {
        this.http = http;
        this.secret = secret;
    }

    /** Head and body. */
    public HttpAnswer http() {
        return http;
    }

    /** What an error that stands inside the answer means. */
    public LlmException error(ErrorBody body) {
        return Endpoint.error(body, http, secret);
    }

    /** What an error means that stands inside the answer and is not about it, such as that of one request of a batch. */
    public LlmException error(ErrorBody body, ErrorDetails details) {
        return ProviderErrors.of(body, details, secret);
    }

    /** Closes the socket, unless the body was read and finished before. */
    @Override
    public void close() {
        http.close();
    }
}
