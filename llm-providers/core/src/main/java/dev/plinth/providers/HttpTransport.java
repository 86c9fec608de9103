package dev.plinth.providers;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Usage;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The way to a provider: one pool of connections, the limits of time, and errors by category. It does not retry; a
 * layer does.
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@link Timeouts#DEFAULT};
 *   <li>up to 256 idle connections, kept for 5 minutes: as many as there may be calls at a time, since every call above
 *       that number pays for a new connection;
 *   <li>HTTP/1.1, one call per connection: an interrupt or a close ends the socket of that call and of no other;
 *   <li>redirects are not followed, so a key goes to no other host.
 * </ul>
 *
 * <p>A call runs on the calling thread and ends at once, its socket closed, when the thread is interrupted, when the
 * answer is closed from another thread, and when a limit is met.
 *
 * <p>Thread-safe. It starts no thread per call.
 */
public final class HttpTransport implements AutoCloseable {

    // Callers use a handful of limits and addresses; someone who computes them for each call must not fill the memory.
    private static final int MAX_VARIANTS = 64;

    private final OkHttpClient client;
    private final Timeouts timeouts;
    private final TimeSource time;
    private final Map<Limits, OkHttpClient> variants = new ConcurrentHashMap<>();
    private final Map<URI, HttpUrl> urls = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Limits(Duration connect, Duration read) {}

    private HttpTransport(Builder builder) {
        this.timeouts = builder.timeouts;
        this.time = builder.time;
        OkHttpClient.Builder client = new OkHttpClient.Builder()
                .socketFactory(new ChannelSocketFactory())
                .connectionPool(new ConnectionPool(builder.maxIdleConnections, 5, TimeUnit.MINUTES))
                .eventListenerFactory(ConnectionWatch::new)
                .protocols(List.of(Protocol.HTTP_1_1))
                .followRedirects(false)
                .followSslRedirects(false);
        if (builder.proxy != null) {
            client.proxy(builder.proxy);
        }
        if (builder.ssl != null && builder.trust != null) {
            client.sslSocketFactory(builder.ssl.getSocketFactory(), builder.trust);
        }
        this.client = client.build();
    }

    /** A transport with the defaults. */
    public static HttpTransport create() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Sends a call and waits for the head of the answer, whatever its status. Close the answer.
     *
     * @throws dev.plinth.api.error.LlmException if there is no answer
     * @throws IllegalStateException if the transport is closed
     */
    public HttpAnswer send(HttpCall call) {
        if (closed) {
            throw new IllegalStateException("transport: closed (expected: open)");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not before the call)", call.details(), null)
                    .setPartial("", Usage.NONE);
        }
        Timeouts limits = call.timeouts().orElse(timeouts);
        CallClock clock = new CallClock(call, limits, time);
        Duration total = clock.total();
        if (total.isZero()) {
            throw new TimedOutException("deadline: passed (expected: time left to call)", call.details(), null)
                    .setPartial("", Usage.NONE);
        }
        Duration read = call.streamed() ? limits.firstToken() : limits.total();
        Call running = client(new Limits(limits.connect(), read)).newCall(request(call, clock));
        running.timeout().timeout(total.toNanos(), TimeUnit.NANOSECONDS);
        try {
            Response response = running.execute();
            return new HttpAnswer(this, running, response, clock);
        } catch (IOException exception) {
            throw clock.failed(exception, running.isCanceled());
        } catch (Exception exception) {
            // Kotlin knows no checked exceptions: this one comes out of OkHttp's wait for a connection.
            if (exception instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw clock.failed(new IOException(exception), running.isCanceled());
            }
            throw exception;
        }
    }

    /** Closes idle connections, and those of running calls when these end. Closing twice does nothing. */
    @Override
    public void close() {
        closed = true;
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }

    /** A connection was given back. */
    void released() {
        if (closed) {
            client.connectionPool().evictAll();
        }
    }

    TimeSource time() {
        return time;
    }

    private OkHttpClient client(Limits limits) {
        OkHttpClient known = variants.get(limits);
        if (known != null) {
            return known;
        }
        OkHttpClient variant = client.newBuilder()
                .connectTimeout(limits.connect())
                .readTimeout(limits.read())
                .writeTimeout(limits.read())
                .build();
        if (variants.size() < MAX_VARIANTS) {
            variants.put(limits, variant);
        }
        return variant;
    }

    private Request request(HttpCall call, CallClock clock) {
        HttpBody body = call.body();
        Request.Builder request = new Request.Builder()
                .url(url(call.url()))
                .method(call.method(), body == null ? null : body.toRequestBody(clock))
                .tag(CallClock.class, clock);
        if (call.streamed()) {
            request.header("Accept-Encoding", "identity"); // an event must not wait inside a compressor
        }
        List<String> headers = call.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        return request.build();
    }

    private HttpUrl url(URI uri) {
        HttpUrl known = urls.get(uri);
        if (known != null) {
            return known;
        }
        HttpUrl url = HttpUrl.get(uri.toString());
        if (urls.size() < MAX_VARIANTS) {
            urls.put(uri, url);
        }
        return url;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private Timeouts timeouts = Timeouts.DEFAULT;
        private int maxIdleConnections = 256;
        private TimeSource time = TimeSource.system();
        private @Nullable Proxy proxy;
        private @Nullable SSLContext ssl;
        private @Nullable X509TrustManager trust;

        private Builder() {}

        /** The limits of calls that bring none of their own. */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = Check.notNull(timeouts, "timeouts");
            return this;
        }

        /** How many connections are kept open without a call. */
        public Builder maxIdleConnections(int connections) {
            this.maxIdleConnections = Check.positive(connections, "maxIdleConnections");
            return this;
        }

        /** The proxy; by default the machine's own settings. */
        public Builder proxy(Proxy proxy) {
            this.proxy = Check.notNull(proxy, "proxy");
            return this;
        }

        /** The keys and trusted certificates of TLS, such as those of a company; by default the JVM's. */
        public Builder tls(SSLContext context, X509TrustManager trust) {
            this.ssl = Check.notNull(context, "context");
            this.trust = Check.notNull(trust, "trust");
            return this;
        }

        /** The clock that limits are told from. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The transport. */
        public HttpTransport build() {
            return new HttpTransport(this);
        }
    }
}
