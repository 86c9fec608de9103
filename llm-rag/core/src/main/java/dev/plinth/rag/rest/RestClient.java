package dev.plinth.rag.rest;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Cancellation;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.StoreException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way to the servers of one store: where they are and how calls prove who makes them.
 *
 * <pre>{@code
 * RestClient servers = RestClient.builder(URI.create("https://search-1:8983/solr"), URI.create("https://search-2:8983/solr"))
 *         .basic("plinth", secrets::password)
 *         .build();
 * }</pre>
 *
 * <p>Defaults: no credentials, half a minute for a call, ten seconds for a connection, the trust of the JDK.
 *
 * <p>A call goes to the address that answered last. If its connection fails, the next address is tried, and the first one
 * once more, so that what is sent must be safe to be sent twice. An answer of any status is an answer. Credentials are
 * asked for before every call and shown nowhere; the line end of a file that one was read from is dropped.
 *
 * <p>Thread-safe. Runs on the calling thread, whose interruption ends the call with {@link CancelledException}; the
 * deadline of its context shortens the limit. The connections are read on threads of the JDK's client.
 */
public final class RestClient {
    private final List<URI> addresses;
    private final Map<String, Supplier<String>> headers;
    private final Duration timeout;
    private final HttpClient http;
    private volatile int answering;

    private RestClient(Builder builder) {
        this.addresses = builder.addresses;
        this.headers = Map.copyOf(builder.headers);
        this.timeout = builder.timeout;
        this.http = builder.http == null
                ? HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build()
                : builder.http;
    }

    /** The way to one server, without credentials. */
    public static RestClient at(URI address) {
        return builder(address).build();
    }

    /**
     * A builder.
     *
     * @param addresses of one store: a scheme, a host and a path, nothing else. A slash at the end is dropped
     */
    public static Builder builder(URI... addresses) {
        return new Builder(List.of(addresses));
    }

    /**
     * Makes a call.
     *
     * @param method such as {@code POST}
     * @param path with its query, percent-encoded, begins with a slash
     * @param json the body; null: none
     * @throws StoreException if no address can be reached, or the time of this client is over
     * @throws TimedOutException if the deadline of the context has passed
     * @throws AuthenticationException if a credential is missing or cannot stand in a header
     */
    public RestAnswer send(String method, String path, byte @Nullable [] json) {
        Cancellation.check(); // an answer that is there at once would be taken without a look at it
        Deadline own = Deadline.after(timeout);
        Deadline end = CallContext.current().deadline().map(own::earlier).orElse(own);
        int first = answering;
        IOException failure = null;
        for (int attempt = 0; attempt <= addresses.size(); attempt++) {
            int next = (first + attempt) % addresses.size();
            try {
                RestAnswer answer = send(addresses.get(next), method, path, json, end);
                answering = next;
                return answer;
            } catch (TimeoutException late) {
                Cancellation.check();
                throw unreachable(call(method, addresses.get(next), path) + ": no answer in time", late);
            } catch (IOException broken) {
                failure = broken;
            }
        }
        throw unreachable("servers: " + addresses + " cannot be reached (expected: one of them)", failure);
    }

    private RestAnswer send(URI address, String method, String path, byte @Nullable [] json, Deadline end)
            throws IOException, TimeoutException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path));
        headers.forEach((name, value) -> request.header(name, value.get()));
        if (json == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("content-type", "application/json");
            request.method(method, HttpRequest.BodyPublishers.ofByteArray(json));
        }
        if (end.expired()) {
            throw new TimeoutException();
        }
        CompletableFuture<HttpResponse<byte[]>> coming =
                http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> response = coming.get(end.remaining().toNanos(), TimeUnit.NANOSECONDS);
            return new RestAnswer(call(method, address, path), response.statusCode(), response.body());
        } catch (InterruptedException interruption) {
            coming.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    "thread: interrupted (expected: not before " + address + " has answered)",
                    ErrorDetails.NONE,
                    interruption);
        } catch (TimeoutException late) { // a limit of the request itself would end with the head of the answer
            coming.cancel(true);
            throw late;
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException broken ? broken : new IOException(failure.getCause());
        }
    }

    private static String call(String method, URI address, String path) {
        int query = path.indexOf('?');
        return method + " " + address + (query < 0 ? path : path.substring(0, query));
    }

    private static StoreException unreachable(String message, @Nullable Exception cause) {
        return new StoreException(
                message, ErrorDetails.builder().retryable(true).build(), cause);
    }

    /** Names the addresses. */
    @Override
    public String toString() {
        return "RestClient" + addresses;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private static final Pattern LINE_END = Pattern.compile("\\R\\z");

        private final List<URI> addresses = new ArrayList<>();
        private final Map<String, Supplier<String>> headers = new LinkedHashMap<>();
        private Duration timeout = Duration.ofSeconds(30);
        private @Nullable HttpClient http;

        private Builder(List<URI> addresses) {
            for (URI address : Check.notEmpty(addresses, "addresses")) {
                this.addresses.add(checked(address));
            }
        }

        private static URI checked(URI address) {
            String scheme = address.getScheme();
            boolean plain = ("http".equals(scheme) || "https".equals(scheme))
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null;
            Check.that(plain, "address", "of " + address.getHost(), "http or https, a host and a path, nothing else");
            String text = address.toString();
            return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : address;
        }

        /** A user's name and password, which is asked for before every call. */
        public Builder basic(String user, Supplier<String> password) {
            Check.notBlank(user, "user");
            Check.that(user.indexOf(':') < 0, "user", user, "no colon");
            Check.notNull(password, "password");
            return header("authorization", () -> {
                String secret = secret(password, c -> !Character.isISOControl(c));
                byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
                return "Basic " + Base64.getEncoder().encodeToString(pair);
            });
        }

        /** A token of OAuth or a JWT, which is asked for before every call. */
        public Builder bearer(Supplier<String> token) {
            Check.notNull(token, "token");
            return header("authorization", () -> "Bearer " + secret(token, Builder::isVisible));
        }

        /** A header, such as one with a key; its value is asked for before every call. */
        public Builder header(String name, Supplier<String> value) {
            Check.notBlank(name, "name");
            Check.notNull(value, "value");
            headers.put(name, () -> secret(value, Builder::isVisible));
            return this;
        }

        private static boolean isVisible(int c) {
            return c >= ' ' && c < 127;
        }

        /** Checked here, since the JDK shows a value that it refuses. */
        private static String secret(Supplier<String> supplier, IntPredicate allowed) {
            String given = supplier.get();
            String secret = given == null ? "" : LINE_END.matcher(given).replaceFirst("");
            if (secret.isBlank() || !secret.chars().allMatch(allowed)) {
                throw new AuthenticationException("secret: missing, or with characters that no header takes"
                        + " (expected: visible ASCII characters; in a password any but control characters)");
            }
            return secret;
        }

        /** How long a call may take, to the last byte of the answer, whatever addresses are tried. */
        public Builder timeout(Duration timeout) {
            this.timeout = Check.positive(timeout, "timeout");
            return this;
        }

        /** A client with a trust, proxy or limits of its own. */
        public Builder http(HttpClient client) {
            this.http = Check.notNull(client, "client");
            return this;
        }

        /** The way to the servers. */
        public RestClient build() {
            return new RestClient(this);
        }
    }
}
