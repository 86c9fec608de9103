package dev.plinth.providers.gemini;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.providers.Authentication;
import dev.plinth.providers.Server;
import dev.plinth.providers.ServerBuilder;
import dev.plinth.providers.wire.EmbeddingProtocol;
import dev.plinth.providers.wire.HttpChatModel;
import dev.plinth.providers.wire.HttpEmbeddingModel;
import dev.plinth.providers.wire.HttpTokenCounter;
import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Google Gemini, over the Gemini API or over Vertex AI.
 *
 * <pre>{@code
 * Gemini gemini = Gemini.fromEnvironment();
 * String answer = gemini.chatModel("gemini-3.8-flash").chat(ChatRequest.of("Why is the sky blue?")).text();
 *
 * Gemini vertex = Gemini.builder().vertex("my-project", "europe-west4").credentials(tokens).build();
 * }</pre>
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>the Gemini API, {@code https://generativelanguage.googleapis.com}, without a key;
 *   <li>version {@code v1beta}, of Vertex AI {@code v1beta1}: they have all features, the others some of them;
 *   <li>a transport of its own with its defaults, closed with this.
 * </ul>
 *
 * <p>What the protocol cannot say is refused before anything is sent: whether tools may be called in parallel, an id of
 * the end user, a seed that is no int, and a request in which nobody but the system says anything.
 *
 * <p>What it says in another way:
 *
 * <ul>
 *   <li>System messages, wherever they stand, become the one system instruction; messages of one side that follow each
 *       other become one content.
 *   <li>A signature of the model's thoughts is {@linkplain dev.plinth.api.chat.Part.Reasoning reasoning} without text
 *       before the part that carries it, and goes back on that part. Thoughts that are not signed are not sent back. A
 *       tool call that no Gemini model made is sent to Gemini 3 and newer with the signature Google has for such calls.
 *   <li>Reasoning efforts become levels of thinking, {@code NONE} the lowest one and {@code XHIGH} and {@code MAX} the
 *       highest; for models before Gemini 3, which their names tell, budgets of 0, 1,024, 8,192 and 24,576 tokens.
 *   <li>What a tool answers goes as it is when it is an object of JSON, else in one, as {@code output} or {@code error}.
 *   <li>Names of files, names of schemas and hints to cache have no place: Gemini caches by itself.
 *   <li>A prompt that is blocked is an answer without content, finished by {@link
 *       dev.plinth.api.chat.FinishReason#CONTENT_FILTER}, with Google's reason as the raw one.
 * </ul>
 *
 * <p>Usage counts what Google runs its own tools with as input. Embedding models of the second generation are told what
 * a text is for by words before it, as Google recommends.
 *
 * <p>Immutable and thread-safe; its models are, too.
 */
public final class Gemini implements AutoCloseable {

    /** The protocol's name, for {@link dev.plinth.api.chat.Part.Other} and signatures. */
    public static final String PROTOCOL = "gemini";

    /** From how many of the likeliest tokens the next one is drawn. */
    public static final OptionKey<Integer> TOP_K = new OptionKey<>("gemini.top_k", Integer.class);

    /** How much less likely tokens become that have been used already. */
    public static final OptionKey<Double> PRESENCE_PENALTY = new OptionKey<>("gemini.presence_penalty", Double.class);

    /** How much less likely tokens become with each time they are used. */
    public static final OptionKey<Double> FREQUENCY_PENALTY = new OptionKey<>("gemini.frequency_penalty", Double.class);

    /** How many tokens to think with, instead of an effort: 0 not at all, -1 as the model likes. */
    public static final OptionKey<Integer> THINKING_BUDGET = new OptionKey<>("gemini.thinking_budget", Integer.class);

    /** Whether summaries of what the model thinks are part of the answer. */
    public static final OptionKey<Boolean> INCLUDE_THOUGHTS = new OptionKey<>("gemini.include_thoughts", Boolean.class);

    /** Whether the server shall hold the model to the schemas of the tools. */
    public static final OptionKey<Boolean> STRICT_TOOLS = new OptionKey<>("gemini.strict_tools", Boolean.class);

    /** Tools that Google runs itself, a JSON array, such as {@code [{"googleSearch": {}}]}. */
    public static final OptionKey<String> SERVER_TOOLS = new OptionKey<>("gemini.server_tools", String.class);

    /**
     * More fields for the {@code toolConfig} of the request, a JSON object, such as {@code
     * {"includeServerSideToolInvocations": true}}.
     */
    public static final OptionKey<String> TOOL_CONFIG = new OptionKey<>("gemini.tool_config", String.class);

    /** From which probability of harm on prompts and answers are blocked. */
    public static final OptionKey<SafetySettings> SAFETY_SETTINGS =
            new OptionKey<>("gemini.safety_settings", SafetySettings.class);

    /** The name of content that was cached before, such as {@code cachedContents/x}. */
    public static final OptionKey<String> CACHED_CONTENT = new OptionKey<>("gemini.cached_content", String.class);

    /** What a text is embedded for, in Google's word, instead of what the input type says. */
    public static final OptionKey<String> TASK_TYPE = new OptionKey<>("gemini.task_type", String.class);

    /** The title of the documents that are embedded. */
    public static final OptionKey<String> TITLE = new OptionKey<>("gemini.title", String.class);

    /**
     * More fields for the {@code generationConfig} of the request, a JSON object, such as {@code {"responseModalities":
     * ["IMAGE"]}}. Fields that are set elsewhere are not for it.
     */
    public static final OptionKey<String> GENERATION_CONFIG = new OptionKey<>("gemini.generation_config", String.class);

    /**
     * More fields for the body of the request, a JSON object, such as {@code {"labels": {"team": "search"}}}; of
     * embeddings, for each text. Fields that are set elsewhere are not for it.
     */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("gemini.extra_body", String.class);

    /** What Gemini's chat models can do. */
    public static final Set<Capability> CAPABILITIES = Set.of(
            Capability.TOOLS,
            Capability.TOOL_CHOICE,
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
            Capability.SERVICE_TIER);

    private final Server server;
    private final ModelPath models;
    private final Set<Capability> capabilities;
    private final Schemas schemas;

    private Gemini(Server server, ModelPath models, Set<Capability> capabilities, Schemas schemas) {
        this.server = server;
        this.models = models;
        this.capabilities = capabilities;
        this.schemas = schemas;
    }

    /**
     * The Gemini API with the key of {@code GEMINI_API_KEY}, else of {@code GOOGLE_API_KEY}, at {@code
     * GOOGLE_GEMINI_BASE_URL} where that is set.
     *
     * @throws IllegalArgumentException if there is no key
     */
    public static Gemini fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    static Gemini fromEnvironment(Map<String, String> environment) {
        String key = environment.getOrDefault("GEMINI_API_KEY", "");
        key = key.isBlank() ? environment.getOrDefault("GOOGLE_API_KEY", "") : key;
        Check.that(!key.isBlank(), "GEMINI_API_KEY", "not set", "a key, here or in GOOGLE_API_KEY");
        Builder builder = builder().apiKey(key);
        String url = environment.getOrDefault("GOOGLE_GEMINI_BASE_URL", "");
        return url.isBlank() ? builder.build() : builder.baseUrl(url).build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A chat model.
     *
     * @param model such as {@code gemini-3.8-flash}, or a full name such as {@code tunedModels/x} or {@code
     *     projects/p/locations/l/endpoints/1}; a request may name another
     */
    public ChatModel chatModel(String model) {
        return new HttpChatModel(server.endpoint(), info(model), new GenerateContent(models, schemas));
    }

    /** A counter of the input tokens of requests to a chat model, which asks Google. */
    public TokenCounter tokenCounter(String model) {
        return new HttpTokenCounter(server.endpoint(), info(model), new CountTokens(models, schemas));
    }

    private ModelInfo info(String model) {
        return server.info(model, capabilities);
    }

    /**
     * An embedding model.
     *
     * @param model such as {@code gemini-embedding-001}; a request may name another of its generation
     */
    public EmbeddingModel embeddingModel(String model) {
        return embeddingModel(model, OptionalInt.empty());
    }

    /**
     * An embedding model whose vectors have this length, where a request names no other.
     *
     * @param model such as {@code gemini-embedding-001}; a request may name another of its generation
     * @param dimensions the length to ask for, of those the model can make; shorter ones than its own need not be of
     *     length 1 as vectors
     */
    public EmbeddingModel embeddingModel(String model, int dimensions) {
        return embeddingModel(model, OptionalInt.of(Check.positive(dimensions, "dimensions")));
    }

    private EmbeddingModel embeddingModel(String model, OptionalInt dimensions) {
        return new HttpEmbeddingModel(server.endpoint(), server.info(model, Set.of()), dimensions, embeddings(model));
    }

    private EmbeddingProtocol embeddings(String model) {
        if (!models.vertex() || model.contains("gemini-embedding-2")) {
            return new EmbedContents(models);
        }
        EmbeddingLimits limits = model.contains("gemini-embedding")
                ? EmbeddingLimits.NONE.withTexts(1)
                : EmbeddingLimits.NONE.withTexts(250).withTokens(20_000);
        return new Predict(models, limits);
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        server.close();
    }

    /** Not thread-safe. */
    public static final class Builder extends ServerBuilder<Builder> {
        private ModelPath models = ModelPath.GEMINI_API;
        private URI server = URI.create("https://generativelanguage.googleapis.com");
        private @Nullable String apiVersion;
        private boolean tokens;
        private Set<Capability> capabilities = CAPABILITIES;
        private Schemas schemas = Schemas.JSON_SCHEMA;

        private Builder() {}

        /**
         * Vertex AI, where {@link #credentials} gives access tokens instead of keys.
         *
         * @param project the id of the project that is billed
         * @param location such as {@code europe-west4}, a multi-region such as {@code eu}, or {@code global}
         */
        public Builder vertex(String project, String location) {
            Check.notBlank(project, "project");
            Check.notBlank(location, "location");
            models = ModelPath.vertex(project, location);
            server = ModelPath.vertexServer(location);
            tokens = true;
            return this;
        }

        /** Vertex AI in express mode, with a key instead of a project. */
        public Builder vertexExpress() {
            models = ModelPath.VERTEX_EXPRESS;
            server = ModelPath.vertexServer("global");
            tokens = false;
            return this;
        }

        /** The version of the API, such as {@code v1}. */
        public Builder apiVersion(String version) {
            this.apiVersion = Check.notBlank(version, "apiVersion");
            return this;
        }

        private URI url() {
            String version = models.vertex() ? "v1beta1" : "v1beta";
            return URI.create(baseUrlOr(server) + "/" + (apiVersion == null ? version : apiVersion));
        }

        /** What the chat models can do; other requests are refused before they are sent. */
        public Builder capabilities(Set<Capability> capabilities) {
            this.capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
            return this;
        }

        /** Says schemas as the subset of OpenAPI that older versions of the API want, instead of as JSON Schema. */
        public Builder openApiSchemas() {
            this.schemas = Schemas.OPEN_API;
            return this;
        }

        /** The server. */
        public Gemini build() {
            String vendor = models.vertex() ? "gcp.vertex_ai" : "gcp.gemini";
            Authentication proof = tokens ? asBearer() : asHeader("x-goog-api-key");
            return new Gemini(server(providerOr(vendor), url(), proof), models, capabilities, schemas);
        }
    }
}
