package dev.plinth.providers.bedrock;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.option.OptionKey;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.providers.Authentication;
import dev.plinth.providers.CredentialsProvider;
import dev.plinth.providers.Endpoint;
import dev.plinth.providers.HttpTransport;
import dev.plinth.providers.Server;
import dev.plinth.providers.ServerBuilder;
import dev.plinth.providers.wire.HttpChatModel;
import dev.plinth.providers.wire.HttpEmbeddingModel;
import dev.plinth.providers.wire.HttpTokenCounter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * AWS Bedrock: chat with all its models over Converse, token counts, and embeddings of Titan, Nova and Cohere.
 *
 * <pre>{@code
 * Bedrock bedrock = Bedrock.builder().region("eu-central-1").build();
 * String answer = bedrock.chatModel("eu.amazon.nova-lite-v1:0").chat(ChatRequest.of("Why is the sky blue?")).text();
 * }</pre>
 *
 * <p>Defaults, as AWS's own tools have them:
 *
 * <ul>
 *   <li>the region of {@code AWS_REGION}, {@code AWS_DEFAULT_REGION}, the property {@code aws.region} or the profile;
 *   <li>the server of {@code AWS_ENDPOINT_URL_BEDROCK_RUNTIME} or {@code AWS_ENDPOINT_URL}, else the region's own;
 *   <li>the API key of {@code AWS_BEARER_TOKEN_BEDROCK}; without one, calls are signed with the first key there is: in
 *       the environment ({@code AWS_ACCESS_KEY_ID}, ...), in the properties ({@code aws.accessKeyId}, ...), for a web
 *       identity token ({@code AWS_WEB_IDENTITY_TOKEN_FILE}, as on EKS), in the profile ({@code AWS_PROFILE} in {@code
 *       ~/.aws}: a key, a role with {@code source_profile} or {@code credential_source}, or a {@code
 *       credential_process}; sign-in in a browser is not supported), of the container (ECS, EKS), of the machine (EC2,
 *       IMDSv2). A key that ends is replaced in time, without a restart;
 *   <li>a transport of its own with its defaults, closed with this;
 *   <li>the capabilities that Converse has words for; a model that has fewer is told by {@link Builder#capabilities},
 *       or Bedrock refuses what it cannot do.
 * </ul>
 *
 * <p>What the protocol cannot say is refused before anything is sent: files at addresses other than {@code s3://}, media
 * types it has no word for, the detail of a picture, and not to reason at all for models other than Claude.
 *
 * <p>What is said in other words than the request's:
 *
 * <ul>
 *   <li>a reasoning effort is written as the model's family has it: for Claude as adaptive thinking with an effort, which
 *       models up to 4.5 refuse; for gpt-oss and Qwen as their nearest degree; for all others in Converse's own field.
 *       {@code MINIMAL} is {@code low};
 *   <li>system messages, wherever they stand, are the system prompt;
 *   <li>messages of one side are joined, tool results first; blank text, thoughts without a signature of Bedrock, and the
 *       citations of earlier answers are not sent back;
 *   <li>Converse cannot forbid tools it knows, nor hear of calls without them: without tools, or with {@code
 *       ToolChoice.NONE}, earlier calls and results are sent as text;
 *   <li>tool calls whose arguments are no JSON object become one that holds them under {@code INVALID_JSON}, empty tool
 *       results {@code (empty)}, and characters in ids and names of files that Bedrock refuses {@code _} and {@code -};
 *   <li>cache points keep for five minutes or, where they ask for more, an hour;
 *   <li>films are files; a schema is enforced whether it is strict or not.
 * </ul>
 *
 * <p>Tools that run on the server, hidden thoughts, and whatever else only this protocol has, come as {@link
 * dev.plinth.api.chat.Part.Other} and can be sent back.
 *
 * <p>Immutable and thread-safe; its models are, too.
 */
public final class Bedrock implements AutoCloseable {

    /** The protocol's name, for {@link dev.plinth.api.chat.Part.Other} and {@link dev.plinth.api.chat.Part.Reasoning}. */
    public static final String PROTOCOL = "bedrock";

    /**
     * Fields that only one family of models knows, a JSON object such as {@code {"top_k": 20}} for Claude: Converse's
     * {@code additionalModelRequestFields}.
     */
    public static final OptionKey<String> MODEL_FIELDS = new OptionKey<>("bedrock.model_fields", String.class);

    /**
     * The guardrail of the call, Converse's {@code guardrailConfig} as a JSON object: {@code
     * {"guardrailIdentifier":"g1","guardrailVersion":"1"}}.
     */
    public static final OptionKey<String> GUARDRAIL = new OptionKey<>("bedrock.guardrail", String.class);

    /** Names and values for Bedrock's logs of calls, a JSON object of texts. */
    public static final OptionKey<String> REQUEST_METADATA = new OptionKey<>("bedrock.request_metadata", String.class);

    /** How fast to answer, in the vendor's word: {@code standard} or {@code optimized}. */
    public static final OptionKey<String> LATENCY = new OptionKey<>("bedrock.latency", String.class);

    /** Whether the model shall cite the documents of the request. */
    public static final OptionKey<Boolean> CITATIONS = new OptionKey<>("bedrock.citations", Boolean.class);

    /** Whether the server shall hold the model to the schemas of the tools. */
    public static final OptionKey<Boolean> STRICT_TOOLS = new OptionKey<>("bedrock.strict_tools", Boolean.class);

    /** How long the prompt cache shall keep the tools of the request. */
    public static final OptionKey<Duration> CACHE_TOOLS = new OptionKey<>("bedrock.cache_tools", Duration.class);

    /**
     * More fields for the body of the request, a JSON object, such as {@code {"promptVariables": {...}}}. Fields that are
     * set elsewhere are not for it.
     */
    public static final OptionKey<String> EXTRA_BODY = new OptionKey<>("bedrock.extra_body", String.class);

    /** What Converse has words for. */
    public static final Set<Capability> CAPABILITIES = Set.of(
            Capability.TOOLS,
            Capability.TOOL_CHOICE,
            Capability.JSON_SCHEMA,
            Capability.IMAGE_INPUT,
            Capability.AUDIO_INPUT,
            Capability.FILE_INPUT,
            Capability.STOP_SEQUENCES,
            Capability.TEMPERATURE,
            Capability.TOP_P,
            Capability.REASONING_EFFORT,
            Capability.SERVICE_TIER);

    private static final String BEARER = "AWS_BEARER_TOKEN_BEDROCK";

    private final Server server;
    private final CredentialChain chain;
    private final Set<Capability> capabilities;

    private Bedrock(Server server, CredentialChain chain, Set<Capability> capabilities) {
        this.server = server;
        this.chain = chain;
        this.capabilities = capabilities;
    }

    /**
     * Bedrock with all its defaults.
     *
     * @throws IllegalArgumentException if no region is set
     */
    public static Bedrock fromEnvironment() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A chat model.
     *
     * @param model the id or ARN of a model or inference profile; a request may name another
     */
    public ChatModel chatModel(String model) {
        return new HttpChatModel(server.endpoint(), chatInfo(model), new Converse());
    }

    /**
     * Counts the input tokens of requests for a chat model; Bedrock does so for some models, and refuses others.
     *
     * @param model the id or ARN of a model or inference profile; a request may name another
     */
    public TokenCounter tokenCounter(String model) {
        return new HttpTokenCounter(server.endpoint(), chatInfo(model), new CountTokens());
    }

    private ModelInfo chatInfo(String model) {
        return server.info(model, capabilities);
    }

    /**
     * An embedding model.
     *
     * @param model the id of a text model of Titan, Nova or Cohere; a request may name another of its family
     * @throws IllegalArgumentException if it is none of these
     */
    public EmbeddingModel embeddingModel(String model) {
        return embeddingModel(model, OptionalInt.empty());
    }

    /**
     * An embedding model whose vectors have this length, where a request names no other.
     *
     * @param model the id of a text model of Titan, Nova or Cohere; a request may name another of its family
     * @param dimensions the length to ask for, of those the model can make
     * @throws IllegalArgumentException if it is none of these
     */
    public EmbeddingModel embeddingModel(String model, int dimensions) {
        return embeddingModel(model, OptionalInt.of(Check.positive(dimensions, "dimensions")));
    }

    private EmbeddingModel embeddingModel(String model, OptionalInt dimensions) {
        Embeddings.Family family = Embeddings.Family.of(Check.notBlank(model, "model"));
        return new HttpEmbeddingModel(
                server.endpoint(), server.info(model, Set.of()), dimensions, new Embeddings(family));
    }

    /** Closes the transport, unless it was handed in. Closing twice does nothing. */
    @Override
    public void close() {
        chain.close();
        server.close();
    }

    /** Not thread-safe. */
    public static final class Builder extends ServerBuilder<Builder> {
        private @Nullable String region;
        private @Nullable String signedHost;
        private @Nullable AwsCredentialsProvider signing;
        private @Nullable String profile;
        private Set<Capability> capabilities = CAPABILITIES;
        private Machine machine = Machine.here();
        private TimeSource time = TimeSource.system();

        private Builder() {}

        /** The region, such as {@code eu-central-1}. */
        public Builder region(String region) {
            this.region = Check.notBlank(region, "region");
            return this;
        }

        /**
         * The host that signatures are for, where it is not that of the base URL: behind a proxy that hands calls on to
         * {@code bedrock-runtime.eu-central-1.amazonaws.com}, this.
         */
        public Builder signedHost(String host) {
            this.signedHost = Check.notBlank(host, "signedHost");
            return this;
        }

        /** The key that calls are signed with. */
        public Builder awsCredentials(AwsCredentials credentials) {
            return awsCredentials(AwsCredentialsProvider.of(credentials));
        }

        /** Where the key that each call is signed with comes from. */
        public Builder awsCredentials(AwsCredentialsProvider credentials) {
            this.signing = Check.notNull(credentials, "awsCredentials");
            return this;
        }

        /** The profile in {@code ~/.aws} whose key calls are signed with, and whose region is used if no other is set. */
        public Builder profile(String name) {
            this.profile = Check.notBlank(name, "profile");
            return this;
        }

        /** What the chat models can do; other requests are refused before they are sent. */
        public Builder capabilities(Set<Capability> capabilities) {
            this.capabilities = Set.copyOf(Check.notNull(capabilities, "capabilities"));
            return this;
        }

        /** Where settings and keys are looked for; this machine. */
        Builder machine(Machine machine) {
            this.machine = machine;
            return this;
        }

        /** The clock that signatures and keys are dated by; the machine's. */
        Builder time(TimeSource time) {
            this.time = time;
            return this;
        }

        /**
         * Bedrock.
         *
         * @throws IllegalArgumentException if no region is set, or more than one way to prove who calls
         */
        public Bedrock build() {
            int ways = (credentials() == null ? 0 : 1) + (signing == null ? 0 : 1) + (profile == null ? 0 : 1);
            Check.that(ways <= 1, "apiKey, awsCredentials, profile", ways + " of them", "one at most");
            AwsRegion region = region();
            HttpTransport transport = openTransport();
            CredentialChain chain = new CredentialChain(machine, transport, time, region);
            Authentication proof = authentication(region, chain);
            return new Bedrock(server(transport, providerOr("aws.bedrock"), url(region), proof), chain, capabilities);
        }

        private AwsRegion region() {
            Optional<String> set = Optional.ofNullable(region)
                    .or(() -> machine.variable("AWS_REGION"))
                    .or(() -> machine.variable("AWS_DEFAULT_REGION"))
                    .or(() -> machine.property("aws.region"))
                    .or(this::profileRegion);
            Check.that(set.isPresent(), "region", "not set", "one in the builder, AWS_REGION or the profile");
            return new AwsRegion(set.get());
        }

        private Optional<String> profileRegion() {
            String name = profile == null ? Profiles.defaultName(machine) : profile;
            return Profiles.read(machine).profile(name).map(settings -> settings.get("region"));
        }

        private URI url(AwsRegion region) {
            URI usual = machine.variable("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
                    .or(() -> machine.variable("AWS_ENDPOINT_URL"))
                    .map(Endpoint::baseUrl)
                    .orElseGet(() -> region.endpoint("bedrock-runtime"));
            return baseUrlOr(usual);
        }

        private Authentication authentication(AwsRegion region, CredentialChain chain) {
            if (credentials() != null) {
                return asBearer();
            }
            boolean chosen = signing != null || profile != null;
            if (!chosen && machine.variable(BEARER).isPresent()) {
                return Authentication.bearer(CredentialsProvider.environment(machine.environment(), BEARER));
            }
            return new AwsAuthentication(new SigV4(region.name(), "bedrock"), keys(chain), time, signedHost);
        }

        private AwsCredentialsProvider keys(CredentialChain chain) {
            if (signing != null) {
                return signing;
            }
            return new CachedCredentials(profile == null ? chain : chain.profile(profile), time);
        }
    }
}
