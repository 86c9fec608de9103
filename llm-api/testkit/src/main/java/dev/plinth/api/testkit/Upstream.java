package dev.plinth.api.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The real server that calls are passed on to. Thread-safe. */
final class Upstream {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final String origin;
    private final Set<String> keptHeaders;
    private final Secrets secrets;
    private @Nullable HttpClient client;

    /**
     * A server that is not connected yet.
     *
     * @param url its path does not matter: requests have the whole path
     * @param keptHeaders besides the usual ones, lower case
     * @param secrets gets to know those that the server sends
     */
    Upstream(URI url, Set<String> keptHeaders, Secrets secrets) {
        this.origin = url.getScheme() + "://" + url.getRawAuthority();
        this.keptHeaders = keptHeaders;
        this.secrets = secrets;
    }

    /** Passes the call on, with its headers but those of the connection, and waits for the head of the answer. */
    HttpResponse<InputStream> send(StubRequest request) throws IOException, InterruptedException {
        return client().send(passedOn(request), head -> new ArrivingBody());
    }

    /** Made when it is first needed: it has threads, and a replay needs none. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();
        }
        return client;
    }

    private HttpRequest passedOn(StubRequest request) throws IOException {
        byte[] body = request.body();
        try {
            HttpRequest.Builder call = HttpRequest.newBuilder(URI.create(origin + request.target()))
                    .method(
                            request.method(),
                            body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            for (String name : request.headerNames()) {
                if (!HttpHeaderNames.isOfTheConnection(name)) {
                    request.headers(name).forEach(value -> call.header(name, value));
                }
            }
            return call.build();
        } catch (IllegalArgumentException wrong) {
            throw new IOException("the JDK's client refuses to send this: " + wrong.getMessage(), wrong);
        }
    }

    /** The headers of an answer that a recording keeps. */
    Map<String, String> kept(HttpHeaders headers) {
        Map<String, String> kept = new TreeMap<>();
        headers.map().forEach((anyCase, values) -> {
            String name = anyCase.toLowerCase(Locale.ROOT);
            secrets.learnHeader(name, values);
            if (HttpHeaderNames.isKept(name) || keptHeaders.contains(name)) {
                kept.put(name, String.join(", ", values));
            }
        });
        kept.computeIfPresent("location", (name, value) -> stayingHere(value));
        return kept;
    }

    /** An address of the server without the server's name, so that who follows it asks here again. */
    private String stayingHere(String location) {
        return location.startsWith(origin + "/") ? location.substring(origin.length()) : location;
    }
}
