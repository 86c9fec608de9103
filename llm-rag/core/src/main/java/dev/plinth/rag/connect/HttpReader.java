package dev.plinth.rag.connect;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.RateLimitedException;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * For connectors: asks servers over HTTP/1.1.
 *
 * <p>An answer that does not come within the time limit or is too large is a {@link StoreException}. A server that asks to
 * wait, by 429 or by 503 with {@code Retry-After}, is waited for as long as the patience lasts. Redirects are answers like
 * any others: none is followed. A host at a private address is refused, unless a host that the user named is at one.
 *
 * <p>Messages name an address without its query. Thread-safe; a call ends when its thread is interrupted.
 */
public final class HttpReader implements AutoCloseable {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private final String source;
    private final Addresses addresses;
    private final Limits limits;
    private final TimeSource time;
    private @Nullable HttpClient client;

    /**
     * How much is taken.
     *
     * @param timeout for an answer with its body
     * @param maxBytes of a body
     * @param patience for all that one call is asked to wait
     */
    public record Limits(Duration timeout, long maxBytes, Duration patience) {
        /** 30 seconds, 16 MiB, 5 minutes. */
        public static final Limits DEFAULT = new Limits(Duration.ofSeconds(30), 16L << 20, Duration.ofMinutes(5));

        public Limits {
            Check.positive(timeout, "timeout");
            Check.that(maxBytes > 0 && maxBytes < Integer.MAX_VALUE, "maxBytes", maxBytes, "1 to 2 GiB");
            Check.that(!patience.isNegative(), "patience", patience, ">= 0");
        }

        /** The same with another time limit. */
        public Limits withTimeout(Duration timeout) {
            return new Limits(timeout, maxBytes, patience);
        }

        /** The same with another size limit. */
        public Limits withMaxBytes(long maxBytes) {
            return new Limits(timeout, maxBytes, patience);
        }

        /** The same with more or less patience. */
        public Limits withPatience(Duration patience) {
            return new Limits(timeout, maxBytes, patience);
        }
    }

    /**
     * What a server answered.
     *
     * @param status any
     * @param headers as they came
     * @param body not to be changed
     */
    public record Answer(int status, HttpHeaders headers, byte[] body) {

        /** The first header of this name, in any case. */
        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        /** The details of an error that this answer is: its status, and whether another answer may come later. */
        public ErrorDetails details() {
            return ErrorDetails.builder()
                    .httpStatus(status)
                    .retryable(status == 429 || status >= 500)
                    .build();
        }

        /** Whether it was answered with what was asked for. */
        public boolean isOk() {
            return status >= 200 && status < 300;
        }

        /** Without the body. */
        @Override
        public String toString() {
            return "Answer[" + status + ", " + body.length + " bytes]";
        }
    }

    /**
     * A reader that opens no connection before it is asked.
     *
     * @param source what is read, for messages
     * @param named the hosts that the user named
     */
    public HttpReader(String source, Collection<String> named, Limits limits, TimeSource time) {
        this.source = source;
        this.addresses = new Addresses(named);
        this.limits = limits;
        this.time = time;
    }

    /**
     * Asks, and waits for the whole answer, whatever its status.
     *
     * @throws RateLimitedException if the server goes on answering 429
     * @throws StoreException if there is no answer
     */
    public Answer send(HttpRequest request) {
        Duration left = limits.patience();
        Duration otherwise = FIRST_WAIT;
        while (true) {
            Answer answer = exchange(request);
            Optional<Duration> asked = AskedWait.in(answer.headers(), time.now());
            if (answer.status() != 429
                    && (answer.status() != 503 || answer.header("retry-after").isEmpty())) {
                return answer;
            }
            Duration wait = asked.orElse(otherwise);
            if (wait.compareTo(left) > 0) {
                if (answer.status() == 503) {
                    return answer;
                }
                throw new RateLimitedException(
                        place(request.uri()) + ": 429 (expected: an answer within " + limits.patience() + ")",
                        ErrorDetails.builder().httpStatus(429).retryAfter(wait).build(),
                        null);
            }
            pause(wait);
            left = left.minus(wait).minus(FIRST_WAIT); // a server that asks to wait for nothing is not asked for ever
            otherwise = asked.isPresent() ? otherwise : otherwise.multipliedBy(2);
        }
    }

    private void pause(Duration duration) {
        try {
            time.sleep(duration);
        } catch (InterruptedException interrupted) {
            throw Interruption.of(source, interrupted);
        }
    }

    private Answer exchange(HttpRequest request) {
        Interruption.check(source);
        URI uri = request.uri();
        if (!addresses.mayReach(uri.getHost())) {
            throw new StoreException("host: " + uri.getHost() + " is at a private address (expected: a public one)");
        }
        CompletableFuture<HttpResponse<byte[]>> coming =
                client().sendAsync(request, head -> new LimitedBody(limits.maxBytes(), head));
        try {
            HttpResponse<byte[]> answer = coming.get(limits.timeout().toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (InterruptedException interrupted) {
            coming.cancel(true);
            throw Interruption.of(source, interrupted);
        } catch (TimeoutException late) {
            coming.cancel(true);
            throw failed(uri, "did not answer within " + limits.timeout(), "an answer in time", true, late);
        } catch (ExecutionException failure) {
            Interruption.check(source);
            Throwable cause = failure.getCause();
            if (cause instanceof LimitedBody.TooLargeException) {
                throw failed(uri, "has more than " + limits.maxBytes() + " bytes", "at most that", false, cause);
            }
            throw failed(uri, "cannot be reached", "a server that answers", true, cause);
        }
    }

    private static StoreException failed(
            URI uri, String what, String expected, boolean retryable, @Nullable Throwable cause) {
        Throwable shown = cause instanceof IOException || cause instanceof TimeoutException ? cause : null;
        return new StoreException(
                place(uri) + " " + what + " (expected: " + expected + ")",
                ErrorDetails.builder().retryable(retryable).build(),
                shown);
    }

    /** An address for people: without its query, which may hold anything. */
    public static String place(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }

    private synchronized HttpClient client() {
        HttpClient open = client;
        if (open == null) {
            open = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(limits.timeout())
                    .build();
            client = open;
        }
        return open;
    }

    /** Lets go of its connections. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        client = null; // a client that nobody holds closes its connections; before JDK 21 there is no other way
    }
}
