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
 * Jina AI: embeddings and rerank.
 *
 * <pre>{@code
 * Jina jina = Jina.fromEnvironment();
 * float[] vector = jina.embeddingModel("jina-embeddings-v3").embedQuery("Why is the sky blue?");
 * }</pre>
 *
 * <p>Defaults: {@code https://api.jina.ai}; a transport of its own with its defaults, closed with this. Vectors are asked
 * for as base64, a third of the bytes. Texts too long to be embedded are refused by the server.
 *
 * <p>Source: api.jina.ai/redoc. Immutable and thread-safe; its models are, too.
 */
public final class Jina implements AutoCloseable {

    /**
     * What a text is embedded for, in the vendor's words, such as {@code code2code.query} or {@code text-matching}. By
     * default it is retrieval, of models for code finding code by questions, as a query or as a passage.
     */
    public static final OptionKey<String> TASK = new OptionKey<>("jina.task", String.class);

    /**
     * More fields for the body of the request, a JSON object, such as {@code {"late_chunking": true}}. Fields that are set
     * elsewhere are not for it.
     */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("jina.extra_body", String.class);

    private static final URI VENDOR = URI.create("https://api.jina.ai");

    private final Server server;

    private Jina(Server server) {
        this.server = server;
    }

    /**
     * Jina with the key of {@code JINA_API_KEY}.
     *
     * @throws IllegalArgumentException if it is not set
     */
    public static Jina fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Jina fromEnvironment(Map<String, String> environment) {
        String key = environment.getOrDefault("JINA_API_KEY", "");
        Check.that(!key.isBlank(), "JINA_API_KEY", "not set", "a key");
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
                server.endpoint(), server.info(model, Set.of()), dimensions, new JinaEmbeddings());
    }

    /**
     * A reranker. Documents longer than it reads are cut.
     *
     * @param model in the vendor's words
     */
    public Reranker reranker(String model) {
        return new HttpReranker(server.endpoint(), model, RerankProtocol.JINA);
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
        public Jina build() {
            return new Jina(server(providerOr("jina"), baseUrlOr(VENDOR), asBearer()));
        }
    }
}
