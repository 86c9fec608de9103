package dev.plinth.providers.openai;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.time.Timeouts;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Secret;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenAI's protocol: OpenAI itself, or any other by its base URL.
 *
 * <pre>{@code
 * OpenAi openAi = OpenAi.fromEnvironment();
 * String answer = openAi.chatModel("gpt-5-mini").chat(ChatRequest.of("Why is the sky blue?")).text();
 *
 * OpenAi local = OpenAi.builder().baseUrl("http://localhost:11434/v1").build();
 * }</pre>
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@code https://api.openai.com/v1}, without a key;
 *   <li>a transport of its own with its defaults, closed with this;
 *   <li>the capabilities of OpenAI's own chat models; a server that has fewer is told by {@link Builder#capabilities}.
 * </ul>
 *
 * <p>What the protocol cannot say is refused before anything is sent: audio and files by address, and tool results
 * that are not text. Reasoning of earlier answers is not sent back: Chat Completions has no place for it.
 *
 * <p>Immutable and thread-safe; its models are, too.
 */
public final class OpenAi implements AutoCloseable {

    /** How much a reasoning model thinks, in the vendor's words, such as {@code low} or {@code high}. */
    public static final OptionKey<String> REASONING_EFFORT = new OptionKey<>("openai.reasoning_effort", String.class);

    /** The class of service, such as {@code flex} or {@code priority}. */
    public static final OptionKey<String> SERVICE_TIER = new OptionKey<>("openai.service_tier", String.class);

    /** Whether the model may ask for several tools at once. */
    public static final OptionKey<Boolean> PARALLEL_TOOL_CALLS =
            new OptionKey<>("openai.parallel_tool_calls", Boolean.class);

    /** Whether the server shall hold the model to the schemas of the tools. */
    public static final OptionKey<Boolean> STRICT_TOOLS = new OptionKey<>("openai.strict_tools", Boolean.class);

    /**
     * More fields for the body of the request, a JSON object, such as {@code {"top_k": 20}}: for what only one server
     * knows. Fields that are set elsewhere are not for it.
     */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("openai.extra_body", String.class);

    /**
     * Whether the response keeps the server's answer as it came: the body, or the data of a stream's events, one per
     * line. False by default.
     */
    public static final OptionKey<Boolean> KEEP_RAW = new OptionKey<>("openai.keep_raw", Boolean.class);

    /** A pseudonymous id of the end user, for the vendor's abuse checks. */
    public static final OptionKey<String> USER = new OptionKey<>("openai.user", String.class);

    /** What OpenAI's own chat models can do. */
    public static final Set<Capability> CAPABILITIES = Set.of(
            Capability.TOOLS,
            Capability.JSON_OUTPUT,
            Capability.JSON_SCHEMA,
            Capability.IMAGE_INPUT,
            Capability.AUDIO_INPUT,
            Capability.FILE_INPUT,
            Capability.STOP_SEQUENCES,
            Capability.SEED,
            Capability.TEMPERATURE,
            Capability.TOP_P);

    private final HttpTransport transport;
    private final boolean ownsTransport;
    private final Connection connection;
    private final Set<Capability> capabilities;
    private final boolean maxTokensField;

    private OpenAi(Builder builder) {
        this.ownsTransport = builder.transport == null;
        this.transport = builder.transport == null
                ? HttpTransport.builder().timeouts(builder.timeouts).build()
                : builder.transport;
        this.capabilities = Set.copyOf(builder.capabilities);
        this.maxTokensField = builder.maxTokensField;
        this.connection = new Connection(
                transport,
                builder.provider,
                builder.baseUrl,
                builder.apiKey,
                builder.apiKeyHeader,
                Map.copyOf(builder.headers));
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
        return new Builder();
    }

    /**
     * A chat model of the server.
     *
     * @param model in the server's words; a request may name another
     */
    public ChatModel chatModel(String model) {
        return new OpenAiChatModel(connection, Check.notBlank(model, "model"), capabilities, maxTokensField);
    }

    /**
     * An embedding model of the server.
     *
     * @param model in the server's words; a request may name another
     */
    public EmbeddingModel embeddingModel(String model) {
        return new OpenAiEmbeddingModel(connection, Check.notBlank(model, "model"), OptionalInt.empty());
    }

    /**
     * An embedding model of the server whose vectors have this length, where a request names no other.
     *
     * @param model in the server's words; a request may name another
     * @param dimensions the length to ask for, of those the model can make
     */
    public EmbeddingModel embeddingModel(String model, int dimensions) {
        OptionalInt length = OptionalInt.of(Check.positive(dimensions, "dimensions"));
        return new OpenAiEmbeddingModel(connection, Check.notBlank(model, "model"), length);
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        if (ownsTransport) {
            transport.close();
        }
    }

    /** Not thread-safe. */
    public static final class Builder {
        private URI baseUrl = URI.create("https://api.openai.com/v1");
        private String provider = "openai";
        private @Nullable Supplier<Secret> apiKey;
        private @Nullable String apiKeyHeader;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private Set<Capability> capabilities = CAPABILITIES;
        private Timeouts timeouts = Timeouts.DEFAULT;
        private @Nullable HttpTransport transport;
        private boolean maxTokensField;

        private Builder() {}

        /** Where the server is, up to and with the version, such as {@code http://localhost:8000/v1}. */
        public Builder baseUrl(String url) {
            String text = Check.notBlank(url, "baseUrl").strip();
            while (text.endsWith("/")) {
                text = text.substring(0, text.length() - 1);
            }
            boolean known = text.startsWith("http://") || text.startsWith("https://");
            Check.that(known, "baseUrl", text, "http:// or https://");
            this.baseUrl = URI.create(text);
            boolean plain = baseUrl.getHost() != null
                    && baseUrl.getRawUserInfo() == null
                    && baseUrl.getRawQuery() == null
                    && baseUrl.getRawFragment() == null;
            Check.that(plain, "baseUrl", "of " + baseUrl.getHost(), "a host and a path, nothing else");
            return this;
        }

        /** Who runs the server, for traces and errors; {@code openai} by default. */
        public Builder provider(String name) {
            this.provider = Check.notBlank(name, "provider");
            return this;
        }

        /** The key. */
        public Builder apiKey(String key) {
            Secret secret = Secret.of(key);
            this.apiKey = () -> secret;
            return this;
        }

        /** The key, asked for before each call, so that it may change. */
        public Builder apiKey(Supplier<Secret> key) {
            this.apiKey = Check.notNull(key, "apiKey");
            return this;
        }

        /** Sends the key in this header as it is, such as {@code api-key} for Azure, instead of as a bearer. */
        public Builder apiKeyHeader(String name) {
            this.apiKeyHeader = Check.notBlank(name, "apiKeyHeader");
            return this;
        }

        /** One more header for every call, such as {@code OpenAI-Project}. Not for secrets. */
        public Builder header(String name, String value) {
            headers.put(Check.notBlank(name, "name"), Check.notNull(value, name));
            return this;
        }

        /** What the server's chat models can do; other requests are refused before they are sent. */
        public Builder capabilities(Set<Capability> capabilities) {
            this.capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
            return this;
        }

        /** Says {@code max_tokens} where OpenAI has come to say {@code max_completion_tokens}: older servers want it. */
        public Builder maxTokensField() {
            this.maxTokensField = true;
            return this;
        }

        /** The limits of calls that bring none of their own. Not with a transport of your own, which has its limits. */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = Check.notNull(timeouts, "timeouts");
            return this;
        }

        /** A transport shared with others; it stays yours to close. */
        public Builder transport(HttpTransport transport) {
            this.transport = Check.notNull(transport, "transport");
            return this;
        }

        /** The server. */
        public OpenAi build() {
            return new OpenAi(this);
        }
    }
}
