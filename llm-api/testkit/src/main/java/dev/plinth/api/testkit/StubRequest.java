package dev.plinth.api.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request that a {@link StubServer} got.
 *
 * <p>Immutable and thread-safe.
 */
public final class StubRequest {
    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final StubConnection connection;

    StubRequest(
            String method, String target, Map<String, List<String>> headers, byte[] body, StubConnection connection) {
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
        this.connection = connection;
    }

    /** Such as {@code POST}. */
    public String method() {
        return method;
    }

    /** The path and, if there is one, the query, as they were sent. */
    public String target() {
        return target;
    }

    /** The path alone. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The first header of this name, in any case. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** All headers of this name, in any case, in order. */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The names of all headers, lower case. */
    public Set<String> headerNames() {
        return headers.keySet();
    }

    /** A copy of the body; empty when there was none. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The number of the connection it came on, from 1. */
    public int connection() {
        return connection.number();
    }

    /** Whether the client has closed the connection it came on. */
    public boolean isClientGone() {
        return connection.isClientGone();
    }

    /**
     * Waits until the client closes the connection it came on.
     *
     * @throws AssertionError if that does not happen within half a minute
     */
    public void awaitClientGone() throws InterruptedException {
        connection.awaitClientGone();
    }

    /** Names the request, without its headers and body. */
    @Override
    public String toString() {
        return method + " " + target + " (" + body.length + " bytes, connection " + connection.number() + ")";
    }
}
