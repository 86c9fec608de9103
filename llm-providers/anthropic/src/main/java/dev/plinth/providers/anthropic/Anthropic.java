package dev.plinth.providers.anthropic;

import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.Media;
import dev.plinth.api.chat.Part;
import dev.plinth.api.check.Check;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.providers.Authentication;
import dev.plinth.providers.Server;
import dev.plinth.providers.ServerBuilder;
import dev.plinth.providers.wire.HttpChatModel;
import dev.plinth.providers.wire.HttpTokenCounter;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks Anthropic's Messages API: Anthropic itself, or any other by its base URL.
 *
 * <pre>{@code
 * Anthropic anthropic = Anthropic.fromEnvironment();
 * String answer = anthropic.chatModel("claude-haiku-4-5").chat(ChatRequest.of("Why is the sky blue?")).text();
 * }</pre>
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@code https://api.anthropic.com}, without a key;
 *   <li>API version 2026-10-21, the newest, with the key as a bearer token; 2023-06-01 has it in {@code x-api-key}, as
 *       the vendor's own clients of these versions do;
 *   <li>at most 16384 tokens of answer where a request does not say, since the protocol demands a number: what all
 *       current models take and write within ten minutes; a thinking budget is added to it;
 *   <li>a transport of its own with its defaults, closed with this;
 *   <li>the capabilities that the version has words for; a server or model that has fewer is told by {@link
 *       Builder#capabilities}.
 * </ul>
 *
 * <p>What the protocol cannot say is refused before anything is sent: text files by address, files that are neither text
 * nor PDF, the detail of a picture, temperatures above 1, and what {@link ApiVersion} says of the versions.
 *
 * <p>What is said in other words than the request's:
 *
 * <ul>
 *   <li>a reasoning effort also turns adaptive thinking on, unless an option says otherwise; {@code MINIMAL} is {@code
 *       low}, {@code NONE} turns thinking off;
 *   <li>system messages, wherever they stand, are the system prompt ({@link #SYSTEM_IN_PLACE} leaves them in place);
 *   <li>messages of one side are joined, tool results first; blank text, thoughts that Anthropic did not sign, and the
 *       citations of earlier answers are not sent back;
 *   <li>tool calls whose arguments are no JSON object become one that holds them under {@code INVALID_JSON};
 *   <li>cache points mark the block before them, for five minutes or an hour; of more than four marks, which is what the
 *       protocol takes, the last four stay;
 *   <li>files of any text type are plain text; a schema is enforced whether it is strict or not, its name not sent.
 * </ul>
 *
 * <p>Tools that run on the server, and whatever else only this protocol has, come as {@link Part.Other} and can be sent
 * back; that code on the server called a tool of the application is not kept. The usage is that of the answer: what a
 * compaction or an advisor on the server used besides stands in the raw answer alone.
 *
 * <p>Immutable and thread-safe; its models are, too.
 */
public final class Anthropic implements AutoCloseable {

    /** The protocol's name, for {@link Part.Other} and {@link Part.Reasoning}. */
    public static final String PROTOCOL = "anthropic";

    /** Betas to use, by their names in the header {@code anthropic-beta}, with commas in between. */
    public static final OptionKey<String> BETAS = new OptionKey<>("anthropic.betas", String.class);

    /** How many of the likeliest tokens to draw from. Not under {@link ApiVersion#V2026_10_21}. */
    public static final OptionKey<Integer> TOP_K = new OptionKey<>("anthropic.top_k", Integer.class);

    /** Whether the model thinks, as much as it likes; goes before what a reasoning effort says. */
    public static final OptionKey<Boolean> THINKING = new OptionKey<>("anthropic.thinking", Boolean.class);

    /** How many tokens the model may think, at least 1024: for models older than adaptive thinking. */
    public static final OptionKey<Integer> THINKING_BUDGET =
            new OptionKey<>("anthropic.thinking_budget", Integer.class);

    /** How thoughts are shown, in the vendor's word: {@code summarized} or {@code omitted}. */
    public static final OptionKey<String> THINKING_DISPLAY =
            new OptionKey<>("anthropic.thinking_display", String.class);

    /** Whether the model shall cite the files of the request. */
    public static final OptionKey<Boolean> CITATIONS = new OptionKey<>("anthropic.citations", Boolean.class);

    /** Whether the server shall hold the model to the schemas of the tools. */
    public static final OptionKey<Boolean> STRICT_TOOLS = new OptionKey<>("anthropic.strict_tools", Boolean.class);

    /** Tools that run on the server, a JSON array in the protocol's words. */
    public static final OptionKey<String> SERVER_TOOLS = new OptionKey<>("anthropic.server_tools", String.class);

    /** How long the prompt cache shall keep the tools of the request. */
    public static final OptionKey<Duration> CACHE_TOOLS = new OptionKey<>("anthropic.cache_tools", Duration.class);

    /** How long the prompt cache shall keep the system prompt, and the tools with it. */
    public static final OptionKey<Duration> CACHE_SYSTEM = new OptionKey<>("anthropic.cache_system", Duration.class);

    /**
     * Whether system messages that follow a user's stay where they are, which Claude Opus 4.8 and newer models take; one
     * that stands between two messages of the user comes after both.
     */
    public static final OptionKey<Boolean> SYSTEM_IN_PLACE =
            new OptionKey<>("anthropic.system_in_place", Boolean.class);

    /**
     * More fields for the body of the request, a JSON object, such as {@code {"inference_geo": "us"}}. Fields that are set
     * elsewhere are not for it.
     */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("anthropic.extra_body", String.class);

    static final String FILE_SCHEME = "anthropic-file";

    private static final Set<Capability> SAMPLING = Set.of(Capability.TEMPERATURE, Capability.TOP_P);
    private static final Set<Capability> CAPABILITIES = Set.of(
            Capability.TOOLS,
            Capability.TOOL_CHOICE,
            Capability.PARALLEL_TOOL_CALLS,
            Capability.JSON_SCHEMA,
            Capability.IMAGE_INPUT,
            Capability.FILE_INPUT,
            Capability.STOP_SEQUENCES,
            Capability.REASONING_EFFORT,
            Capability.SERVICE_TIER,
            Capability.USER_ID);

    private static final URI VENDOR = URI.create("https://api.anthropic.com");

    private final Server server;
    private final Set<Capability> capabilities;
    private final Messages protocol;

    private Anthropic(Server server, Set<Capability> capabilities, Messages protocol) {
        this.server = server;
        this.capabilities = capabilities;
        this.protocol = protocol;
    }

    /** What models can do under a version of the API. */
    public static Set<Capability> capabilities(ApiVersion version) {
        Set<Capability> all = new LinkedHashSet<>(CAPABILITIES);
        if (version.isLenient()) {
            all.addAll(SAMPLING);
        }
        return Set.copyOf(all);
    }

    /**
     * The server that {@code ANTHROPIC_BASE_URL} names, else Anthropic, with the key of {@code ANTHROPIC_API_KEY} or the
     * bearer token of {@code ANTHROPIC_AUTH_TOKEN}.
     *
     * @throws IllegalArgumentException if none of them is set
     */
    public static Anthropic fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Anthropic fromEnvironment(Map<String, String> environment) {
        String key = environment.getOrDefault("ANTHROPIC_API_KEY", "");
        String token = environment.getOrDefault("ANTHROPIC_AUTH_TOKEN", "");
        String url = environment.getOrDefault("ANTHROPIC_BASE_URL", "");
        Check.that(
                !key.isBlank() || !token.isBlank() || !url.isBlank(),
                "ANTHROPIC_API_KEY",
                "not set",
                "a key, or ANTHROPIC_AUTH_TOKEN, or ANTHROPIC_BASE_URL for a server that wants none");
        Builder builder = builder();
        if (!key.isBlank()) {
            builder.apiKey(key);
        } else if (!token.isBlank()) {
            builder.apiKey(token).bearer();
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
     * A file that was uploaded to the vendor, for a picture or a document; it may need a beta of its own.
     *
     * @param id the vendor's
     */
    public static Media file(String id, String mimeType) {
        Check.notBlank(id, "id");
        try {
            return Media.of(new URI(FILE_SCHEME, id, null), mimeType);
        } catch (URISyntaxException wrong) {
            throw new IllegalArgumentException("id: " + id + " (expected: the id of a file)", wrong);
        }
    }

    /**
     * A chat model of the server.
     *
     * @param model in the server's words; a request may name another
     */
    public ChatModel chatModel(String model) {
        return new HttpChatModel(server.endpoint(), info(model), protocol);
    }

    /**
     * Counts the input tokens of requests to a model exactly, by asking the server; it is free of charge, but limited in
     * rate.
     *
     * @param model in the server's words; a request may name another
     */
    public TokenCounter tokenCounter(String model) {
        return new HttpTokenCounter(server.endpoint(), info(model), new MessageTokens(protocol));
    }

    /**
     * Message Batches of a model: at most 100,000 requests each.
     *
     * @param model in the server's words; a request may name another
     */
    public ChatBatches chatBatches(String model) {
        return new MessageBatches(server.endpoint(), info(model), protocol);
    }

    private ModelInfo info(String model) {
        return server.info(model, capabilities);
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        server.close();
    }

    /** Not thread-safe. */
    public static final class Builder extends ServerBuilder<Builder> {
        private ApiVersion version = ApiVersion.V2026_10_21;
        private @Nullable Boolean bearer;
        private final List<String> betas = new ArrayList<>();
        private @Nullable Set<Capability> capabilities;
        private int maxTokens = 16_384;

        private Builder() {}

        /** The version of the API, which says what a request may hold. */
        public Builder version(ApiVersion version) {
            this.version = Check.notNull(version, "version");
            return this;
        }

        /** Sends the key as a bearer token, as OAuth tokens are. */
        public Builder bearer() {
            this.bearer = true;
            return this;
        }

        /** Sends the key in the header {@code x-api-key}. */
        public Builder apiKeyHeader() {
            this.bearer = false;
            return this;
        }

        private Authentication authentication() {
            boolean asBearer = bearer == null ? version != ApiVersion.V2023_06_01 : bearer;
            return asBearer ? asBearer() : asHeader("x-api-key");
        }

        /** Betas to use with every call, by their names in the header {@code anthropic-beta}. */
        public Builder betas(String... names) {
            for (String name : names) {
                betas.add(Check.notBlank(name, "betas"));
            }
            return this;
        }

        /** What the server's chat models can do; other requests are refused before they are sent. */
        public Builder capabilities(Set<Capability> capabilities) {
            this.capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
            return this;
        }

        /** The most tokens of an answer where a request does not say. */
        public Builder maxTokens(int tokens) {
            this.maxTokens = Check.positive(tokens, "maxTokens");
            return this;
        }

        /** The server. */
        public Anthropic build() {
            header("anthropic-version", version.id());
            Server server = server(providerOr("anthropic"), baseUrlOr(VENDOR), authentication());
            return new Anthropic(
                    server,
                    capabilities == null ? Anthropic.capabilities(version) : capabilities,
                    new Messages(version, maxTokens, List.copyOf(betas)));
        }
    }
}
