package dev.plinth.providers.cohere;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.time.Timeouts;
import dev.plinth.providers.CredentialsProvider;
import dev.plinth.providers.HttpTransport;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Voyage AI: embeddings and rerank.
 *
 * <pre>{@code
 * Voyage voyage = Voyage.fromEnvironment();
 * float[] vector = voyage.embeddingModel("voyage-3.5").embedQuery("Why is the sky blue?");
 * }</pre>
 *
 * <p>Defaults: {@code https://api.voyageai.com}; a transport of its own with its defaults, closed with this. Vectors are
 * asked for as base64, a third of the bytes. Usage is what Voyage calls total tokens.
 *
 * <p>Source: docs.voyageai.com. Immutable and thread-safe; its models are, too.
 */
public final class Voyage implements AutoCloseable {

    /** Whether a text too long to be embedded may be cut; it may not, unless this says so. */
    public static final OptionKey<Boolean> TRUNCATION = new OptionKey<>("voyage.truncation", Boolean.class);

    /** More fields for the body of the request, a JSON object. Fields that are set elsewhere are not for it. */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("voyage.extra_body", String.class);

    private final Connection connection;

    private Voyage(Builder builder) {
        this.connection = builder.settings.connect();
    }

    /**
     * Voyage with the key of {@code VOYAGE_API_KEY}.
     *
     * @throws IllegalArgumentException if it is not set
     */
    public static Voyage fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Voyage fromEnvironment(Map<String, String> environment) {
        Builder builder = builder();
        builder.settings.environment(environment, "VOYAGE_API_KEY");
        return builder.build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * An embedding model.
     *
     * @param model in the vendor's words; a request may name another
     */
    public EmbeddingModel embeddingModel(String model) {
        return connection.embeddingModel(model, OptionalInt.empty(), new VoyageEmbeddings());
    }

    /**
     * An embedding model whose vectors have this length, where a request names no other.
     *
     * @param model in the vendor's words; a request may name another
     * @param dimensions the length to ask for, of those the model can make
     */
    public EmbeddingModel embeddingModel(String model, int dimensions) {
        OptionalInt length = OptionalInt.of(Check.positive(dimensions, "dimensions"));
        return connection.embeddingModel(model, length, new VoyageEmbeddings());
    }

    /**
     * A reranker. Documents longer than it reads are cut.
     *
     * @param model in the vendor's words
     */
    public Reranker reranker(String model) {
        return new HttpReranker(connection.endpoint(), model, RerankProtocol.VOYAGE);
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        connection.close();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Connection.Settings settings = new Connection.Settings("voyage", "https://api.voyageai.com");

        private Builder() {}

        /** Where the server is, without the version. */
        public Builder baseUrl(String url) {
            settings.baseUrl(url);
            return this;
        }

        /** Who runs the server, for traces and errors; {@code voyage} by default. */
        public Builder provider(String name) {
            settings.provider(name);
            return this;
        }

        /** The key. */
        public Builder apiKey(String key) {
            return credentials(CredentialsProvider.of(key));
        }

        /** Where the key of each call comes from. */
        public Builder credentials(CredentialsProvider credentials) {
            settings.credentials(credentials);
            return this;
        }

        /** One more header for every call. Not for secrets. */
        public Builder header(String name, String value) {
            settings.header(name, value);
            return this;
        }

        /** The limits of calls that bring none of their own. Not with a transport of your own, which has its limits. */
        public Builder timeouts(Timeouts timeouts) {
            settings.timeouts(timeouts);
            return this;
        }

        /** A transport shared with others; it stays yours to close. */
        public Builder transport(HttpTransport transport) {
            settings.transport(transport);
            return this;
        }

        /** The server. */
        public Voyage build() {
            return new Voyage(this);
        }
    }
}
