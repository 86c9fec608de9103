package dev.plinth.providers;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.Timeouts;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all servers have in common.
 *
 * <p>Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class ServerBuilder<B extends ServerBuilder<B>> {

    private @Nullable URI baseUrl;
    private @Nullable String provider;
    private @Nullable CredentialsProvider credentials;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private boolean sendsTraceContext;
    private Timeouts timeouts = Timeouts.DEFAULT;
    private @Nullable HttpTransport transport;

    /** For subclasses. */
    protected ServerBuilder() {}

    @SuppressWarnings("unchecked")
    private B self() {
        return (B) this;
    }

    /**
     * Where the server is, if not where the vendor's own is, in the form of the default that the provider's class names:
     * with the version where that has one, else without.
     */
    public B baseUrl(String url) {
        this.baseUrl = Endpoint.baseUrl(url);
        return self();
    }

    /** Who runs the server, for traces and errors; the vendor by default. */
    public B provider(String name) {
        this.provider = Check.notBlank(name, "provider");
        return self();
    }

    /** The key. */
    public B apiKey(String key) {
        return credentials(CredentialsProvider.of(key));
    }

    /** Where the key of each call comes from. */
    public B credentials(CredentialsProvider credentials) {
        this.credentials = Check.notNull(credentials, "credentials");
        return self();
    }

    /** One more header for every call. Not for secrets. */
    public B header(String name, String value) {
        headers.put(Check.notBlank(name, "name"), Check.notNull(value, name));
        return self();
    }

    /**
     * Tells the server in each request which trace the call belongs to, as W3C's {@code traceparent} does: for servers of
     * the own house that continue a trace. Off by default, since ids of traces are nobody else's business.
     */
    public B sendTraceContext() {
        this.sendsTraceContext = true;
        return self();
    }

    /** The limits of calls that bring none of their own. Not with a transport of your own, which has its limits. */
    public B timeouts(Timeouts timeouts) {
        this.timeouts = Check.notNull(timeouts, "timeouts");
        return self();
    }

    /** A transport shared with others; it stays yours to close. */
    public B transport(HttpTransport transport) {
        this.transport = Check.notNull(transport, "transport");
        return self();
    }

    /** Where the server is: what was set, else this. */
    protected final URI baseUrlOr(URI vendor) {
        return baseUrl == null ? vendor : baseUrl;
    }

    /** Who runs the server: what was set, else this. */
    protected final String providerOr(String vendor) {
        return provider == null ? vendor : provider;
    }

    /** Where keys come from; null: calls have none. */
    protected final @Nullable CredentialsProvider credentials() {
        return credentials;
    }

    /** Keys sent as a bearer, if there are any. */
    protected final Authentication asBearer() {
        return credentials == null ? Authentication.NONE : Authentication.bearer(credentials);
    }

    /** Keys sent in a header of their own, if there are any. */
    protected final Authentication asHeader(String name) {
        return credentials == null ? Authentication.NONE : Authentication.header(name, credentials);
    }

    /** The transport that was handed in, else a new one that the server will own. */
    protected final HttpTransport openTransport() {
        return transport == null ? HttpTransport.builder().timeouts(timeouts).build() : transport;
    }

    /**
     * The server.
     *
     * @param opened by {@link #openTransport()}
     * @param provider by {@link #providerOr}
     * @param url by {@link #baseUrlOr}, with what the paths of all calls begin with
     */
    protected final Server server(HttpTransport opened, String provider, URI url, Authentication authentication) {
        Endpoint.Builder endpoint = Endpoint.builder(opened, provider, url).authentication(authentication);
        headers.forEach(endpoint::header);
        if (sendsTraceContext) {
            endpoint.sendTraceContext();
        }
        return new Server(endpoint.build(), opened, transport == null);
    }

    /** The server, over a transport that it owns or that was handed in. */
    protected final Server server(String provider, URI url, Authentication authentication) {
        return server(openTransport(), provider, url, authentication);
    }
}
