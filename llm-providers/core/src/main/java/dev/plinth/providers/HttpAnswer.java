package dev.plinth.providers;

import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TransportException;
import dev.plinth.api.usage.RateLimit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer: its head, and its body as it comes.
 *
 * <p>Read by one thread; {@link #close()} from any.
 */
public final class HttpAnswer implements AutoCloseable {

    // Error pages of proxies can be long, and nobody reads them to their end.
    private static final int MAX_ERROR_BYTES = 64 * 1024;
    private static final List<String> REQUEST_IDS =
            List.of("x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "x-debug-trace-id");

    private final HttpTransport transport;
    private final Call call;
    private final Response response;
    private final CallClock clock;
    private final Body body;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    HttpAnswer(HttpTransport transport, Call call, Response response, CallClock clock) {
        this.transport = transport;
        this.call = call;
        this.response = response;
        this.clock = clock;
        this.body = new Body(response.body().source());
    }

    /** The HTTP status. */
    public int status() {
        return response.code();
    }

    /** The value of a header, the last one if there are several; names know no case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(response.header(name));
    }

    /** Whether the body is said to be JSON. */
    public boolean isJson() {
        return header("Content-Type").orElse("").regionMatches(true, 0, "application/json", 0, 16);
    }

    /** The body as it comes. Hand its exceptions to {@link #failed}. */
    public InputStream body() {
        return body;
    }

    /**
     * Waits for the first byte of the body that is no white space. It stays to be read.
     *
     * @return -1: there is none
     * @throws LlmException if the body cannot be read
     */
    public int firstByte() {
        try {
            return body.peek();
        } catch (IOException exception) {
            throw failed(exception);
        }
    }

    /** The provider's id of the request, to quote to its support. */
    public Optional<String> requestId() {
        for (String name : REQUEST_IDS) {
            String id = response.header(name);
            if (id != null) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }

    /** The provider's limits, as the head reports them; empty when it reports none. */
    public List<RateLimit> rateLimits() {
        return RateLimitHeaders.read(response.headers(), clock.time());
    }

    /** The head's facts for an error. */
    public ErrorDetails details() {
        ErrorDetails.Builder details = clock.details().toBuilder()
                .requestId(requestId().orElse(null))
                .retryAfter(RetryAfter.of(this, clock.time()).orElse(null))
                .retryable(shouldRetry())
                .rateLimits(rateLimits());
        if (status() >= 100 && status() <= 599) { // others mean nothing, and come of broken servers
            details.httpStatus(status());
        }
        return details.build();
    }

    private @Nullable Boolean shouldRetry() {
        return switch (header("x-should-retry").orElse("").strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    /** What the failure to read the body means. */
    public LlmException failed(IOException exception) {
        return clock.failed(exception, call.isCanceled());
    }

    /** The first part of the body as text, for an error; what cannot be read is left out. */
    public String errorText() {
        try {
            return new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
        } catch (IOException exception) {
            LlmException failure = failed(exception);
            if (failure instanceof TransportException) {
                return "";
            }
            throw failure;
        }
    }

    /**
     * Closes the socket, unless {@link #finish} was called before. From any thread, without waiting; closing twice does
     * nothing.
     */
    @Override
    public void close() {
        if (state.get() != State.CLOSED) {
            call.cancel();
            release();
        }
    }

    /** Gives the connection back to the pool, once the body has been read as far as it matters. By the reading thread. */
    public void finish() {
        release();
    }

    // OkHttp's body must not be closed while it is read: a reader that is under way closes it when it comes out.
    private void release() {
        if (state.getAndSet(State.CLOSED) == State.IDLE) {
            closeBody();
        }
    }

    private void enter() throws IOException {
        if (!state.compareAndSet(State.IDLE, State.READING)) {
            throw new IOException("closed");
        }
    }

    private void exit() {
        if (!state.compareAndSet(State.READING, State.IDLE)) {
            closeBody();
        }
    }

    private void closeBody() {
        response.close();
        transport.released();
    }

    private enum State {
        IDLE,
        READING,
        CLOSED
    }

    /** The body, which knows when it is being read, and limits the wait for the next data once there was some. */
    private final class Body extends InputStream {
        private final BufferedSource source;
        private final InputStream in;
        private boolean began;
        private int peeked = -1;

        Body(BufferedSource source) {
            this.source = source;
            this.in = source.inputStream();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0; // Okio's stream would wait for data
            }
            if (peeked >= 0) {
                bytes[offset] = (byte) peeked;
                peeked = -1;
                return 1;
            }
            enter();
            try {
                int count = in.read(bytes, offset, length);
                came();
                return count;
            } finally {
                exit();
            }
        }

        int peek() throws IOException {
            while (peeked < 0 || Character.isWhitespace(peeked)) {
                peeked = -1;
                peeked = read();
                if (peeked < 0) {
                    return -1;
                }
            }
            return peeked;
        }

        private void came() {
            if (!began) {
                began = true;
                clock.dataCame();
                if (clock.streamed()) {
                    source.timeout().timeout(clock.betweenTokens().toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        }
    }
}
