package dev.plinth.providers.cohere;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.Timeouts;
import dev.plinth.providers.Authentication;
import dev.plinth.providers.CredentialsProvider;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.HttpEmbeddingModel;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server of this package's vendors and the way to it. Closes the transport, unless it was handed in. */
final class Connection implements AutoCloseable {

    private final HttpTransport transport;
    private final boolean ownsTransport;
    private final Endpoint endpoint;

    private Connection(Settings settings) {
        this.ownsTransport = settings.transport == null;
        this.transport = settings.transport == null
                ? HttpTransport.builder().timeouts(settings.timeouts).build()
                : settings.transport;
        Endpoint.Builder endpoint = Endpoint.builder(transport, settings.provider, settings.baseUrl);
        if (settings.credentials != null) {
            endpoint.authentication(Authentication.bearer(settings.credentials));
        }
        settings.headers.forEach(endpoint::header);
        this.endpoint = endpoint.build();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    EmbeddingModel embeddingModel(String model, OptionalInt dimensions, EmbeddingProtocol protocol) {
        ModelInfo info = new ModelInfo(endpoint.provider(), model, Set.of(), endpoint.baseUrl());
        return new HttpEmbeddingModel(endpoint, info, dimensions, protocol);
    }

    @Override
    public void close() {
        if (ownsTransport) {
            transport.close();
        }
    }

    /** What the builders collect. Not thread-safe. */
    static final class Settings {
        private String provider;
        private URI baseUrl;
        private @Nullable CredentialsProvider credentials;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private Timeouts timeouts = Timeouts.DEFAULT;
        private @Nullable HttpTransport transport;

        Settings(String provider, String baseUrl) {
            this.provider = provider;
            this.baseUrl = URI.create(baseUrl);
        }

        /** The key of the first of these variables that is set. */
        void environment(Map<String, String> environment, String... names) {
            for (String name : names) {
                String key = environment.getOrDefault(name, "");
                if (!key.isBlank()) {
                    credentials = CredentialsProvider.of(key);
                    return;
                }
            }
            Check.that(false, names[0], "not set", "a key");
        }

        void provider(String name) {
            provider = Check.notBlank(name, "provider");
        }

        void baseUrl(String url) {
            baseUrl = Endpoint.baseUrl(url);
        }

        void credentials(CredentialsProvider provider) {
            credentials = Check.notNull(provider, "credentials");
        }

        void header(String name, String value) {
            headers.put(Check.notBlank(name, "name"), Check.notNull(value, name));
        }

        void timeouts(Timeouts limits) {
            timeouts = Check.notNull(limits, "timeouts");
        }

        void transport(HttpTransport shared) {
            transport = Check.notNull(shared, "transport");
        }

        Connection connect() {
            return new Connection(this);
        }
    }
}
