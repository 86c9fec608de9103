package dev.plinth.providers.limit;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.limit.RateStore;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.tokens.TokenCounter;
import dev.plinth.providers.route.Deployment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A layer that sends calls no faster than agreed: requests and tokens per minute and calls at the same time, for each
 * deployment and key.
 *
 * <pre>{@code
 * RateLimits limits = RateLimits.builder()
 *     .each(Limit.builder().requestsPerMinute(600).tokensPerMinute(200_000).concurrent(32).build())
 *     .build();
 * Platform platform = Platform.builder().chat("support", model).layer(limits).build();
 * }</pre>
 *
 * <ul>
 *   <li>A call waits for its turn until the deadline of its context, and {@link Builder#maxWait} at most. One whose turn
 *       cannot come by then fails at once with a {@link dev.plinth.api.error.RateLimitedException} that says when to try
 *       again. A stream waits when it is first read; closing it ends the wait. Within a router, a call waits only
 *       where there is nobody else to ask.
 *   <li>Tenants take turns, so that one with a thousand waiting calls does not hold up another with one.
 *   <li>Tokens are estimated before a call and corrected by the usage that is reported after it; more than was estimated
 *       is owed. What a provider refuses has used none; where nobody reports, the estimate stays. A call that needs more
 *       than the limit costs the whole limit instead of never passing.
 *   <li>What the vendor's answers say is left is obeyed too, since others may use the same key: when it is used up, calls
 *       wait until the reset, or as long as a refusal asks for. Without a limit of one's own, that is the limit. Chat
 *       answers and failures of all kinds say it; answers of embedding models and rerankers do not.
 *   <li>Texts to embed that the model sends in several requests count as so many; they are one call at the same time.
 *   <li>Requests and tokens are counted in the store: in this process, unless another one is set. Calls at the same time
 *       are counted in this process only. When the store fails, calls fail with its error.
 * </ul>
 *
 * <p>Thread-safe. Does not close the store.
 */
public final class RateLimits implements Layer {

    private final Gates gates;
    private final TokenEstimate estimate;

    private RateLimits(Builder builder) {
        RateStore store = builder.store == null ? new InMemoryRateStore(builder.time) : builder.store;
        this.gates = new Gates(new Settings(
                builder.each,
                Map.copyOf(builder.named),
                builder.key,
                builder.tenant,
                store,
                builder.maxWait,
                builder.time));
        this.estimate = new TokenEstimate(builder.counter, builder.expectedOutput);
    }

    /** A builder: no limit but what vendors report, one key, fair between teams, a minute of waiting at most. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Stage stage() {
        return Stage.LIMIT;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new LimitedChatModel(next, nameOf(next), gates, estimate);
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        String deployment = nameOf(next.info());
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                return gates.call(
                        deployment,
                        next().info().named(request.model().orElse(next().info().model())),
                        request.context(),
                        estimate.of(request, next().limits()),
                        () -> next().embed(request),
                        EmbeddingResponse::usage,
                        response -> List.of());
            }
        };
    }

    @Override
    public Reranker around(Reranker next) {
        String deployment = nameOf(next.info());
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                return gates.call(
                        deployment,
                        next().info(),
                        request.context(),
                        estimate.of(request),
                        () -> next().rerank(request),
                        RerankResponse::usage,
                        response -> List.of());
            }
        };
    }

    private static String nameOf(ChatModel next) {
        return next.unwrap(Deployment.class).map(Deployment::name).orElseGet(() -> nameOf(next.info()));
    }

    private static String nameOf(ModelInfo info) {
        return info.provider() + "/" + info.model();
    }

    /** How many calls run. */
    int running() {
        return gates.running();
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Map<String, Limit> named = new LinkedHashMap<>();
        private Limit each = Limit.NONE;
        private Function<? super CallContext, String> key = context -> "";
        private Function<? super CallContext, String> tenant =
                context -> context.principal().map(Principal::team).orElse("");
        private @Nullable RateStore store;
        private @Nullable TokenCounter counter;
        private long expectedOutput = 500;
        private Duration maxWait = Duration.ofMinutes(1);
        private TimeSource time = TimeSource.system();

        private Builder() {}

        /** The limit of every deployment that has none of its own. */
        public Builder each(Limit limit) {
            this.each = Check.notNull(limit, "each");
            return this;
        }

        /**
         * The limit of one deployment.
         *
         * @param deployment its name in a router; elsewhere provider and model, such as {@code openai/gpt-5-mini}
         */
        public Builder of(String deployment, Limit limit) {
            named.put(Check.notBlank(deployment, "deployment"), Check.notNull(limit, "limit"));
            return this;
        }

        /**
         * Which key a call uses, by a name of it, never the secret itself: names are written to the store. The limits hold
         * for each key apart. Unless set, all calls use one.
         */
        public Builder perKey(Function<? super CallContext, String> key) {
            this.key = Check.notNull(key, "perKey");
            return this;
        }

        /** Who takes turns with whom. Unless set, teams do; calls without a principal are one tenant. */
        public Builder fairBetween(Function<? super CallContext, String> tenant) {
            this.tenant = Check.notNull(tenant, "fairBetween");
            return this;
        }

        /** Where requests and tokens are counted. Stays the caller's, who closes it. */
        public Builder store(RateStore store) {
            this.store = Check.notNull(store, "store");
            return this;
        }

        /** Counts the input tokens of chat requests. Unless set, four characters are one token. Its errors fail the call. */
        public Builder counter(TokenCounter counter) {
            this.counter = Check.notNull(counter, "counter");
            return this;
        }

        /** How many output tokens to expect of a chat request that sets no maximum; 500 unless set. */
        public Builder expectedOutput(long tokens) {
            Check.that(tokens >= 0, "expectedOutput", tokens, ">= 0");
            this.expectedOutput = tokens;
            return this;
        }

        /** How long a call waits for its turn at most; a minute unless set. */
        public Builder maxWait(Duration limit) {
            this.maxWait = Check.positive(limit, "maxWait");
            return this;
        }

        /** The clock. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The layer. */
        public RateLimits build() {
            return new RateLimits(this);
        }
    }
}
