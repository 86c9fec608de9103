package dev.plinth.providers.openai;

import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.OptionKey;
import dev.plinth.providers.Authentication;
import dev.plinth.providers.CredentialsProvider;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.Server;
import dev.plinth.providers.ServerBuilder;
import dev.plinth.providers.wire.AnswerReader;
import dev.plinth.providers.wire.HttpChatModel;
import dev.plinth.providers.wire.HttpEmbeddingModel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenAI's protocol: OpenAI itself, Azure OpenAI, or any other by a {@link Preset} or its base URL.
 *
 * <pre>{@code
 * OpenAi openAi = OpenAi.fromEnvironment();
 * String answer = openAi.chatModel("gpt-5-mini").chat(ChatRequest.of("Why is the sky blue?")).text();
 *
 * OpenAi groq = OpenAi.builder(Preset.GROQ).credentials(CredentialsProvider.environment("GROQ_API_KEY")).build();
 * OpenAi azure = OpenAi.azure("https://res.openai.azure.com").apiKey(key).build();
 * }</pre>
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@code https://api.openai.com/v1}, without a key;
 *   <li>a transport of its own with its defaults, closed with this;
 *   <li>the capabilities of OpenAI's own chat models; a server that has fewer is told by a preset, or by {@link
 *       Builder#capabilities}.
 * </ul>
 *
 * <p>What the protocol cannot say is refused before anything is sent: audio, and for Chat Completions files, by address,
 * tool results that are not text, parts of other protocols. Chat Completions has no place for earlier reasoning: it is
 * sent back only where a server of a preset wants it. Cache points are passed over: these servers cache by themselves.
 *
 * <p>Where the vendor shall enforce a schema, what it does not enforce is told to the model in descriptions, objects
 * have no further properties, and what is optional may be null.
 *
 * <p>Immutable and thread-safe; its models are, too.
 */
public final class OpenAi implements AutoCloseable {

    /** The protocol's name, for {@link dev.plinth.api.chat.Part.Other}; that of Responses is {@code openai-responses}. */
    public static final String PROTOCOL = "openai";

    /** Whether the server shall hold the model to the schemas of the tools. */
    public static final OptionKey<Boolean> STRICT_TOOLS = new OptionKey<>("openai.strict_tools", Boolean.class);

    /** How much the model says: {@code low}, {@code medium} or {@code high}. */
    public static final OptionKey<String> VERBOSITY = new OptionKey<>("openai.verbosity", String.class);

    /** Joins requests with the same beginning for the vendor's prompt cache. */
    public static final OptionKey<String> PROMPT_CACHE_KEY = new OptionKey<>("openai.prompt_cache_key", String.class);

    /** Whether the vendor keeps the answer, to be referred to later. */
    public static final OptionKey<Boolean> STORE = new OptionKey<>("openai.store", Boolean.class);

    /** Responses: the answer this request goes on from, kept by the vendor. */
    public static final OptionKey<String> PREVIOUS_RESPONSE_ID =
            new OptionKey<>("openai.previous_response_id", String.class);

    /** Responses: what is shown of the reasoning: {@code auto}, {@code concise} or {@code detailed}. */
    public static final OptionKey<String> REASONING_SUMMARY = new OptionKey<>("openai.reasoning_summary", String.class);

    /** Responses: whether reasoning comes encrypted, so that it can be sent back though the vendor keeps nothing. */
    public static final OptionKey<Boolean> ENCRYPTED_REASONING =
            new OptionKey<>("openai.encrypted_reasoning", Boolean.class);

    /**
     * More fields for the body of the request, a JSON object, such as {@code {"top_k": 20}}: for what only one server
     * knows. Fields that are set elsewhere are not for it.
     */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("openai.extra_body", String.class);

    /** A pseudonymous id of the end user with embeddings; of chat, the request has it. */
    public static final OptionKey<String> EMBEDDING_USER = new OptionKey<>("openai.embedding_user", String.class);

    /** What OpenAI's own chat models can do. */
    public static final Set<Capability> CAPABILITIES = Set.of(
            Capability.TOOLS,
            Capability.TOOL_CHOICE,
            Capability.PARALLEL_TOOL_CALLS,
            Capability.JSON_OUTPUT,
            Capability.JSON_SCHEMA,
            Capability.IMAGE_INPUT,
            Capability.AUDIO_INPUT,
            Capability.FILE_INPUT,
            Capability.STOP_SEQUENCES,
            Capability.SEED,
            Capability.TEMPERATURE,
            Capability.TOP_P,
            Capability.REASONING_EFFORT,
            Capability.LOGPROBS,
            Capability.SERVICE_TIER,
            Capability.USER_ID);

    private final Server server;
    private final Set<Capability> capabilities;
    private final Dialect dialect;
    private final Paths paths;

    private OpenAi(Server server, Set<Capability> capabilities, Dialect dialect, Paths paths) {
        this.server = server;
        this.capabilities = capabilities;
        this.dialect = dialect;
        this.paths = paths;
    }

    /**
     * The server that {@code OPENAI_BASE_URL} names, else OpenAI, with the key of {@code OPENAI_API_KEY}.
     *
     * @throws IllegalArgumentException if neither is set
     */
    public static OpenAi fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static OpenAi fromEnvironment(Map<String, String> environment) {
        String key = environment.getOrDefault("OPENAI_API_KEY", "");
        String url = environment.getOrDefault("OPENAI_BASE_URL", "");
        Check.that(
                !key.isBlank() || !url.isBlank(),
                "OPENAI_API_KEY",
                "not set",
                "a key, or OPENAI_BASE_URL for a server that wants none");
        Builder builder = builder();
        if (!key.isBlank()) {
            builder.apiKey(key);
        }
        if (!url.isBlank()) {
            builder.baseUrl(url);
        }
        return builder.build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder(Preset.OPENAI);
    }

    /** A builder of a server with its address, its capabilities and its words. */
    public static Builder builder(Preset preset) {
        return new Builder(Check.notNull(preset, "preset"));
    }

    /**
     * A builder of an Azure OpenAI resource, over its current API: a model is named by its deployment. The key goes into
     * the header {@code api-key}; a token of Entra ID is set by {@link Builder#bearerToken}.
     *
     * @param resourceUrl such as {@code https://res.openai.azure.com}
     */
    public static Builder azure(String resourceUrl) {
        return azure(resourceUrl, "/openai/v1");
    }

    /**
     * A builder of an Azure OpenAI resource, over the API that has a path for each deployment and a dated version.
     *
     * @param resourceUrl such as {@code https://res.openai.azure.com}
     * @param apiVersion such as {@code 2024-10-21}
     */
    public static Builder azureDeployments(String resourceUrl, String apiVersion) {
        Check.that(apiVersion.matches("[0-9a-z-]+"), "apiVersion", apiVersion, "a date, such as 2024-10-21");
        Builder builder = azure(resourceUrl, "/openai");
        builder.paths = Paths.azureDeployments(apiVersion);
        return builder;
    }

    private static Builder azure(String resourceUrl, String path) {
        Builder builder = builder()
                .baseUrl(Endpoint.baseUrl(resourceUrl) + path)
                .provider("azure.ai.openai")
                .apiKeyHeader("api-key");
        builder.paths = Paths.AZURE;
        return builder;
    }

    /**
     * A chat model of the server, over Chat Completions.
     *
     * @param model in the server's words; a request may name another
     */
    public ChatModel chatModel(String model) {
        return new HttpChatModel(server.endpoint(), info(model, capabilities), new ChatCompletions(paths, dialect));
    }

    /**
     * A chat model of the server, over Responses: OpenAI's newer protocol, which keeps reasoning. It has no stop
     * sequences, no seed and no audio.
     *
     * @param model in the server's words; a request may name another
     */
    public ChatModel responsesModel(String model) {
        return new HttpChatModel(server.endpoint(), responsesInfo(model), new Responses(paths));
    }

    private ModelInfo responsesInfo(String model) {
        Set<Capability> fewer = new HashSet<>(capabilities);
        fewer.removeAll(Set.of(Capability.STOP_SEQUENCES, Capability.SEED, Capability.AUDIO_INPUT));
        return info(model, fewer);
    }

    /**
     * Batches of a chat model, over Chat Completions: at most 50,000 requests each, all of the same model.
     *
     * @param model in the server's words; the requests of a batch may name another
     */
    public ChatBatches chatBatches(String model) {
        ChatCompletions protocol = new ChatCompletions(paths, dialect);
        Supplier<AnswerReader> answers = () -> new CompletionReader(false);
        return new FileBatches(
                server.endpoint(), info(model, capabilities), paths, "/chat/completions", protocol, answers);
    }

    /**
     * Batches of a chat model, over Responses: at most 50,000 requests each, all of the same model.
     *
     * @param model in the server's words; the requests of a batch may name another
     */
    public ChatBatches responsesBatches(String model) {
        Responses protocol = new Responses(paths);
        Supplier<AnswerReader> answers = () -> new ResponsesReader(false);
        return new FileBatches(server.endpoint(), responsesInfo(model), paths, "/responses", protocol, answers);
    }

    private ModelInfo info(String model, Set<Capability> capabilities) {
        return server.info(model, capabilities);
    }

    /**
     * What the vendor's moderation says of texts, one result each, in their order.
     *
     * @param model such as {@code omni-moderation-latest}
     */
    public List<Moderation> moderate(String model, List<String> texts) {
        Check.notBlank(model, "model");
        return Moderations.call(server.endpoint(), model, Check.notEmpty(texts, "texts"), CallContext.current());
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
        return new HttpEmbeddingModel(
                server.endpoint(), info(model, Set.of()), dimensions, new Embeddings(paths, dialect));
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        server.close();
    }

    /** Not thread-safe. */
    public static final class Builder extends ServerBuilder<Builder> {
        private final Preset preset;
        private Set<Capability> capabilities;
        private Dialect dialect;
        private Paths paths = Paths.OPEN_AI;
        private @Nullable String apiKeyHeader;

        private Builder(Preset preset) {
            this.preset = preset;
            this.capabilities = preset.capabilities();
            this.dialect = preset.dialect();
        }

        /** Where the server is, up to and with the version, such as {@code http://localhost:8000/v1}. */
        @Override
        public Builder baseUrl(String url) {
            return super.baseUrl(url);
        }

        /** Where the token of each call comes from, which is sent as a bearer, such as one of Entra ID for Azure. */
        public Builder bearerToken(CredentialsProvider tokens) {
            this.apiKeyHeader = null;
            return credentials(tokens);
        }

        /** Sends the key in this header as it is, such as {@code api-key} for Azure, instead of as a bearer. */
        public Builder apiKeyHeader(String name) {
            this.apiKeyHeader = Check.notBlank(name, "apiKeyHeader");
            return this;
        }

        /** What the server's chat models can do; other requests are refused before they are sent. */
        public Builder capabilities(Set<Capability> capabilities) {
            this.capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
            return this;
        }

        /** Says {@code max_tokens} where OpenAI has come to say {@code max_completion_tokens}: older servers want it. */
        public Builder maxTokensField() {
            this.dialect = dialect.withMaxTokens("max_tokens");
            return this;
        }

        /** Does not ask for usage in streams, which then may have none: some servers refuse {@code stream_options}. */
        public Builder withoutStreamOptions() {
            this.dialect = dialect.withoutUsageInStreams();
            return this;
        }

        /** The server. */
        public OpenAi build() {
            Authentication proof = apiKeyHeader == null ? asBearer() : asHeader(apiKeyHeader);
            Server server = server(providerOr(preset.provider()), baseUrlOr(preset.baseUrl()), proof);
            return new OpenAi(server, capabilities, dialect, paths);
        }
    }
}
