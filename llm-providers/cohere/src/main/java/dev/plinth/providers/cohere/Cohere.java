package dev.plinth.providers.cohere;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.providers.Server;
import dev.plinth.providers.ServerBuilder;
import dev.plinth.providers.wire.HttpChatModel;
import dev.plinth.providers.wire.HttpEmbeddingModel;
import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Cohere, or a private deployment of it, over version 2 of its API: chat, embeddings and rerank.
 *
 * <pre>{@code
 * Cohere cohere = Cohere.fromEnvironment();
 * String answer = cohere.chatModel("command-a-03-2025").chat(ChatRequest.of("Why is the sky blue?")).text();
 * Reranker reranker = cohere.reranker("rerank-v3.5");
 * }</pre>
 *
 * <p>Defaults: {@code https://api.cohere.com}; a transport of its own with its defaults, closed with this.
 *
 * <p>Refused before anything is sent: sound, files that are no text, alternatives to the answer's tokens, how many tools
 * at once, a class of service, a user id. Approximations:
 *
 * <ul>
 *   <li>a certain tool is demanded by offering that one alone;
 *   <li>files of text become documents, which the answer may cite, and those have no place among the messages; the result
 *       of a tool that is a JSON object becomes one, too;
 *   <li>the reasoning effort {@code NONE} forbids thinking, every other one allows it, as far as {@link #THINKING_BUDGET}
 *       goes;
 *   <li>a {@code topP} above 0.99 is sent as 0.99, the most there is;
 *   <li>schemas are brought down to what Cohere enforces, the rest is told to the model.
 * </ul>
 *
 * <p>What the model thinks and what it plans to do with tools is reasoning, and goes back to where it came from with the
 * next request; what other models thought does not. Citations name the document or the tool's result, once for each that
 * backs a piece of the text; those of plans and thoughts are passed over. The usage is what Cohere bills, which is less
 * than what the model processed; the raw answer holds both. Rerank is billed in searches, so its usage is unknown. An
 * answer that ends with {@code ERROR} or {@code TIMEOUT} is an error that carries the text.
 *
 * <p>Source: docs.cohere.com, API version 2. Immutable and thread-safe; its models are, too.
 */
public final class Cohere implements AutoCloseable {

    /** The protocol's name, for {@link dev.plinth.api.chat.Part.Other} and for what the model thought. */
    public static final String PROTOCOL = "cohere";

    /**
     * What the answer shall rest on and cite, beside files of the messages: a JSON array of texts, or of objects with
     * {@code data} and an {@code id}.
     */
    public static final OptionKey<String> DOCUMENTS = new OptionKey<>("cohere.documents", String.class);

    /** How citations are made: {@code FAST}, {@code ACCURATE} or {@code OFF}. */
    public static final OptionKey<String> CITATION_MODE = new OptionKey<>("cohere.citation_mode", String.class);

    /** What the model may say: {@code CONTEXTUAL}, {@code STRICT} or {@code OFF}. Not with tools or documents. */
    public static final OptionKey<String> SAFETY_MODE = new OptionKey<>("cohere.safety_mode", String.class);

    /** Whether the vendor shall hold the model to the schemas of the tools. */
    public static final OptionKey<Boolean> STRICT_TOOLS = new OptionKey<>("cohere.strict_tools", Boolean.class);

    /** The most tokens the model may think; it does think then. */
    public static final OptionKey<Integer> THINKING_BUDGET = new OptionKey<>("cohere.thinking_budget", Integer.class);

    /** How many of the likeliest tokens to draw from. */
    public static final OptionKey<Integer> TOP_K = new OptionKey<>("cohere.top_k", Integer.class);

    /** How strongly repetitions are avoided, the more often the stronger: 0 to 1. */
    public static final OptionKey<Double> FREQUENCY_PENALTY = new OptionKey<>("cohere.frequency_penalty", Double.class);

    /** How strongly repetitions are avoided, however often: 0 to 1. */
    public static final OptionKey<Double> PRESENCE_PENALTY = new OptionKey<>("cohere.presence_penalty", Double.class);

    /**
     * What to do with a text too long to be embedded: {@code NONE} refuses it, the default; {@code START} and {@code END}
     * cut it there.
     */
    public static final OptionKey<String> TRUNCATE = new OptionKey<>("cohere.truncate", String.class);

    /** More fields for the body of the request, a JSON object. Fields that are set elsewhere are not for it. */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("cohere.extra_body", String.class);

    /** What Cohere's chat models can do, though not each of them all of it. */
    public static final Set<Capability> CAPABILITIES = Set.of(
            Capability.TOOLS,
            Capability.TOOL_CHOICE,
            Capability.JSON_OUTPUT,
            Capability.JSON_SCHEMA,
            Capability.IMAGE_INPUT,
            Capability.FILE_INPUT,
            Capability.STOP_SEQUENCES,
            Capability.SEED,
            Capability.TEMPERATURE,
            Capability.TOP_P,
            Capability.REASONING_EFFORT,
            Capability.LOGPROBS);

    private static final URI VENDOR = URI.create("https://api.cohere.com");

    private final Server server;
    private final Set<Capability> capabilities;

    private Cohere(Server server, Set<Capability> capabilities) {
        this.server = server;
        this.capabilities = capabilities;
    }

    /**
     * Cohere with the key of {@code CO_API_KEY}, else of {@code COHERE_API_KEY}; at the address of {@code CO_API_URL},
     * where that is set.
     *
     * @throws IllegalArgumentException if neither key is set
     */
    public static Cohere fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Cohere fromEnvironment(Map<String, String> environment) {
        String key = environment.getOrDefault("CO_API_KEY", "");
        key = key.isBlank() ? environment.getOrDefault("COHERE_API_KEY", "") : key;
        Check.that(!key.isBlank(), "CO_API_KEY", "not set", "a key, here or in COHERE_API_KEY");
        Builder builder = builder().apiKey(key);
        String url = environment.getOrDefault("CO_API_URL", "");
        return url.isBlank() ? builder.build() : builder.baseUrl(url).build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A chat model.
     *
     * @param model in the vendor's words; a request may name another
     */
    public ChatModel chatModel(String model) {
        return new HttpChatModel(server.endpoint(), server.info(model, capabilities), new CohereChat());
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
                server.endpoint(), server.info(model, Set.of()), dimensions, new CohereEmbeddings());
    }

    /**
     * A reranker. Documents longer than it reads are cut.
     *
     * @param model in the vendor's words
     */
    public Reranker reranker(String model) {
        return new HttpReranker(server.endpoint(), model, RerankProtocol.COHERE);
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        server.close();
    }

    /** Not thread-safe. */
    public static final class Builder extends ServerBuilder<Builder> {
        private Set<Capability> capabilities = CAPABILITIES;

        private Builder() {}

        /** What the chat models can do; other requests are refused before they are sent. */
        public Builder capabilities(Set<Capability> capabilities) {
            this.capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
            return this;
        }

        /** The server. */
        public Cohere build() {
            return new Cohere(server(providerOr("cohere"), baseUrlOr(VENDOR), asBearer()), capabilities);
        }
    }
}
