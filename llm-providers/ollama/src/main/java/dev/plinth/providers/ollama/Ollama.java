package dev.plinth.providers.ollama;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.option.OptionKey;
import dev.plinth.providers.Server;
import dev.plinth.providers.ServerBuilder;
import dev.plinth.providers.wire.HttpChatModel;
import dev.plinth.providers.wire.HttpEmbeddingModel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * An Ollama server, over its own protocol: on this machine, elsewhere, or Ollama's cloud.
 *
 * <pre>{@code
 * Ollama ollama = Ollama.fromEnvironment();
 * String answer = ollama.chatModel("llama3.2").chat(ChatRequest.of("Why is the sky blue?")).text();
 *
 * Ollama cloud = Ollama.builder().baseUrl("https://ollama.com").apiKey(key).build();
 * }</pre>
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@code http://localhost:11434}, without a key;
 *   <li>a transport of its own with its defaults, closed with this; a model that has to be loaded first may take longer
 *       than the first token of a stream is waited for;
 *   <li>the capabilities that some of Ollama's models have; what a model lacks, the server refuses.
 * </ul>
 *
 * <p>What the protocol cannot say is refused before anything is sent: that a tool must be called, how many at once,
 * images by address, sound and files, a class of service, a user id. Approximations:
 *
 * <ul>
 *   <li>to forbid tools, none are offered;
 *   <li>the parts of a message become one text and a list of images; how closely to look at one is not said;
 *   <li>thoughts that nobody signed are sent back, other vendors' are not;
 *   <li>of the reasoning efforts, {@code NONE} is no thinking, {@code MINIMAL} is {@code low}, {@code XHIGH} is {@code
 *       high}; models that know no degrees take each as yes;
 *   <li>what a text is embedded for is not said: models that tell questions from documents do so by words in front of
 *       the text, which are the caller's.
 * </ul>
 *
 * <p>A prompt longer than the model's context ({@link #NUM_CTX}) is cut by the server without a word, unless {@link
 * #TRUNCATE} forbids it. The input tokens are unknown, not 0, when the server had the prompt in its cache and does not
 * say them.
 *
 * <p>Source: Ollama's {@code docs/api.md} and {@code openapi.yaml}. Immutable and thread-safe; its models are, too.
 */
public final class Ollama implements AutoCloseable {

    /** The protocol's name, for {@link dev.plinth.api.chat.Part.Other}. */
    public static final String PROTOCOL = "ollama";

    /** Whether the model shall think, as much as it likes. Not beside a reasoning effort. */
    public static final OptionKey<Boolean> THINK = new OptionKey<>("ollama.think", Boolean.class);

    /** How many tokens the model's context holds, prompt and answer together. */
    public static final OptionKey<Integer> NUM_CTX = new OptionKey<>("ollama.num_ctx", Integer.class);

    /** How many of the likeliest tokens to draw from. */
    public static final OptionKey<Integer> TOP_K = new OptionKey<>("ollama.top_k", Integer.class);

    /** The least probability of a token to be drawn, as a share of the likeliest one's. */
    public static final OptionKey<Double> MIN_P = new OptionKey<>("ollama.min_p", Double.class);

    /** How strongly repetitions are avoided; 1 is not at all. */
    public static final OptionKey<Double> REPEAT_PENALTY = new OptionKey<>("ollama.repeat_penalty", Double.class);

    /**
     * More of the server's options, a JSON object, such as {@code {"num_gpu": 0}}: what sampling and the model's run have
     * no key for here.
     */
    public static final OptionKey<String> OPTIONS = new OptionKey<>("ollama.options", String.class);

    /** For how long the server keeps the model loaded after the call; 0: not at all, negative: for ever. */
    public static final OptionKey<Duration> KEEP_ALIVE = new OptionKey<>("ollama.keep_alive", Duration.class);

    /**
     * Whether the server may cut what is longer than the model's context, instead of refusing it. Of embeddings it may
     * not, unless this says so; of chat it does, unless this says otherwise, on servers that know it.
     */
    public static final OptionKey<Boolean> TRUNCATE = new OptionKey<>("ollama.truncate", Boolean.class);

    /** More fields for the body of the request, a JSON object. Fields that are set elsewhere are not for it. */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("ollama.extra_body", String.class);

    /** What Ollama's chat models can do, though not each of them all of it. */
    public static final Set<Capability> CAPABILITIES = Set.of(
            Capability.TOOLS,
            Capability.JSON_OUTPUT,
            Capability.JSON_SCHEMA,
            Capability.IMAGE_INPUT,
            Capability.STOP_SEQUENCES,
            Capability.SEED,
            Capability.TEMPERATURE,
            Capability.TOP_P,
            Capability.REASONING_EFFORT,
            Capability.LOGPROBS);

    private static final URI LOCAL = URI.create("http://localhost:11434");

    private final Server server;
    private final Set<Capability> capabilities;

    private Ollama(Server server, Set<Capability> capabilities) {
        this.server = server;
        this.capabilities = capabilities;
    }

    /**
     * The server that {@code OLLAMA_HOST} names, such as {@code 10.0.0.7:11434}, else the one on this machine, with the
     * key of {@code OLLAMA_API_KEY}, where that is set.
     */
    public static Ollama fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Ollama fromEnvironment(Map<String, String> environment) {
        String host = environment.getOrDefault("OLLAMA_HOST", "").strip();
        String key = environment.getOrDefault("OLLAMA_API_KEY", "");
        Builder builder = builder();
        if (!host.isEmpty()) {
            builder.baseUrl(withScheme(host));
        }
        if (!key.isBlank()) {
            builder.apiKey(key);
        }
        return builder.build();
    }

    /** The variable tells the server where to listen, too, so it may be a bare host. */
    private static String withScheme(String host) {
        if (host.contains("://")) {
            return host;
        }
        boolean port = host.matches(".*:\\d+/?");
        return "http://" + (port ? host : host + ":11434");
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A chat model of the server.
     *
     * @param model in the server's words, such as {@code llama3.2:3b}; a request may name another
     */
    public ChatModel chatModel(String model) {
        return new HttpChatModel(server.endpoint(), server.info(model, capabilities), new OllamaChat());
    }

    /**
     * An embedding model of the server.
     *
     * @param model in the server's words; a request may name another
     */
    public EmbeddingModel embeddingModel(String model) {
        return embeddingModel(model, OptionalInt.empty());
    }

    /**
     * An embedding model of the server whose vectors have this length, where a request names no other.
     *
     * @param model in the server's words; a request may name another
     * @param dimensions the length to ask for, of those the model can make
     */
    public EmbeddingModel embeddingModel(String model, int dimensions) {
        return embeddingModel(model, OptionalInt.of(Check.positive(dimensions, "dimensions")));
    }

    private EmbeddingModel embeddingModel(String model, OptionalInt dimensions) {
        return new HttpEmbeddingModel(server.endpoint(), server.info(model, Set.of()), dimensions, new Embeddings());
    }

    /**
     * Asks the server for the names of the models it has.
     *
     * @throws dev.plinth.api.error.LlmException if there is no server, or it does not answer with models
     */
    public List<String> models() {
        return InstalledModels.names(server.endpoint());
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

        /** What the server's chat models can do; other requests are refused before they are sent. */
        public Builder capabilities(Set<Capability> capabilities) {
            this.capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
            return this;
        }

        /** The server. */
        public Ollama build() {
            return new Ollama(server(providerOr("ollama"), baseUrlOr(LOCAL), asBearer()), capabilities);
        }
    }
}
