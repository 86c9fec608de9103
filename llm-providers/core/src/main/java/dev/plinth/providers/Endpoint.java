package dev.plinth.providers;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.time.TimeSource;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A provider's server: where it is, what it is called in traces and errors, and how calls prove who makes them.
 *
 * <p>Immutable and thread-safe.
 */
public final class Endpoint {

    private static final int MAX_URLS = 64;

    private final HttpTransport transport;
    private final String provider;
    private final URI baseUrl;
    private final Authentication authentication;
    private final List<String> headers;
    private final boolean sendsTraceContext;
    private final Map<String, URI> urls = new ConcurrentHashMap<>();

    private Endpoint(Builder builder) {
        this.transport = builder.transport;
        this.provider = builder.provider;
        this.baseUrl = builder.baseUrl;
        this.authentication = builder.authentication;
        this.headers = List.copyOf(builder.headers);
        this.sendsTraceContext = builder.sendsTraceContext;
    }

    /**
     * A builder of an endpoint without a key.
     *
     * @param provider the server's name for traces and errors
     * @param baseUrl see {@link #baseUrl(String)}
     */
    public static Builder builder(HttpTransport transport, String provider, URI baseUrl) {
        return new Builder(transport, provider, baseUrl);
    }

    /**
     * Checks an address that a user gave: a scheme, a host and a path, nothing else; slashes at its end are dropped.
     *
     * @throws IllegalArgumentException if it is something else, without repeating what may be a key
     */
    public static URI baseUrl(String url) {
        String text = Check.notBlank(url, "baseUrl").strip();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        boolean known = text.startsWith("http://") || text.startsWith("https://");
        Check.that(known, "baseUrl", text, "http:// or https://");
        URI uri = URI.create(text);
        boolean plain = uri.getHost() != null
                && uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        Check.that(plain, "baseUrl", "of " + uri.getHost(), "a host and a path, nothing else");
        return uri;
    }

    /** The server's name. */
    public String provider() {
        return provider;
    }

    /** Where the server is. */
    public URI baseUrl() {
        return baseUrl;
    }

    /** The clock of the way to the server. */
    public TimeSource time() {
        return transport.time();
    }

    /** What errors say of a call to this model. */
    public ErrorDetails details(String model) {
        return ErrorDetails.builder().provider(provider).model(model).build();
    }

    /**
     * The address of a path with its query.
     *
     * @param path percent-encoded, begins with a slash
     */
    public URI url(String path) {
        URI known = urls.get(path);
        if (known != null) {
            return known;
        }
        URI url = URI.create(baseUrl + path);
        if (urls.size() < MAX_URLS) {
            urls.put(path, url);
        }
        return url;
    }

    /**
     * Makes a call and returns the answer of a success; anything else is thrown as the error it says. Close the answer.
     *
     * @param call without proof of who makes it and without a deadline
     */
    public ProviderAnswer send(HttpCall.Builder call, CallContext context) {
        for (int i = 0; i < headers.size(); i += 2) {
            call.header(headers.get(i), headers.get(i + 1));
        }
        Secret secret = authentication.apply(call, context);
        if (sendsTraceContext) { // not signed: a proxy may put its own span there
            context.traceHeaders().forEach(call::header);
        }
        HttpAnswer answer =
                transport.send(call.deadline(context.deadline().orElse(null)).build());
        if (answer.status() >= 200 && answer.status() < 300) {
            return new ProviderAnswer(answer, secret);
        }
        try (answer) {
            ErrorBody error = ErrorBody.parse(answer.errorText());
            answer.finish();
            Optional<String> type = answer.header("x-amzn-errortype").map(Endpoint::exceptionName);
            throw error(type.map(error::withType).orElse(error), answer, secret);
        }
    }

    static LlmException error(ErrorBody body, HttpAnswer answer, @Nullable Secret secret) {
        return ProviderErrors.of(body, answer.details(), secret);
    }

    /** AWS writes {@code ThrottlingException:http://internal...}. */
    private static String exceptionName(String header) {
        int colon = header.indexOf(':');
        return colon < 0 ? header : header.substring(0, colon);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final HttpTransport transport;
        private final String provider;
        private final URI baseUrl;
        private Authentication authentication = Authentication.NONE;
        private final List<String> headers = new ArrayList<>();
        private boolean sendsTraceContext;

        private Builder(HttpTransport transport, String provider, URI baseUrl) {
            this.transport = Check.notNull(transport, "transport");
            this.provider = Check.notBlank(provider, "provider");
            this.baseUrl = Check.notNull(baseUrl, "baseUrl");
        }

        /** How calls prove who makes them. */
        public Builder authentication(Authentication authentication) {
            this.authentication = Check.notNull(authentication, "authentication");
            return this;
        }

        /** One more header for every call. Not for secrets. */
        public Builder header(String name, String value) {
            headers.add(Check.notBlank(name, "name"));
            headers.add(Check.notNull(value, name));
            return this;
        }

        /** Sends the headers that {@link CallContext#traceHeaders} tells with each request. */
        public Builder sendTraceContext() {
            this.sendsTraceContext = true;
            return this;
        }

        /** The endpoint. */
        public Endpoint build() {
            return new Endpoint(this);
        }
    }
}
