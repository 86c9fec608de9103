package dev.plinth.providers.cohere;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.providers.Server;
import dev.plinth.providers.ServerBuilder;
import dev.plinth.providers.wire.HttpEmbeddingModel;
import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

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

    private static final URI VENDOR = URI.create("https://api.voyageai.com");

    private final Server server;

    private Voyage(Server server) {
        this.server = server;
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
        String key = environment.getOrDefault("VOYAGE_API_KEY", "");
        Check.that(!key.isBlank(), "VOYAGE_API_KEY", "not set", "a key");
        return builder().apiKey(key).build();
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
        return embeddingModel(model, OptionalInt.empty());
    }

    /**
     * An embedding model whose vectors have this length, where a request names no other.
     *
     * @param model in the vendor's words; a request may name another
     * @param dimensions the length to ask for, of those the model can make
     */
    public EmbeddingModel embeddingModel(String model, int dimensions) {
        return embeddingModel(model, OptionalInt.of(Check.positive(dimensions, "dimensions")));
    }

    private EmbeddingModel embeddingModel(String model, OptionalInt dimensions) {
        return new HttpEmbeddingModel(
                server.endpoint(), server.info(model, Set.of()), dimensions, new VoyageEmbeddings());
    }

    /**
     * A reranker. Documents longer than it reads are cut.
     *
     * @param model in the vendor's words
     */
    public Reranker reranker(String model) {
        return new HttpReranker(server.endpoint(), model, RerankProtocol.VOYAGE);
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        server.close();
    }

    /** Not thread-safe. */
    public static final class Builder extends ServerBuilder<Builder> {

        private Builder() {}

        /** The server. */
        public Voyage build() {
            return new Voyage(server(providerOr("voyage"), baseUrlOr(VENDOR), asBearer()));
        }
    }
}
