package dev.plinth.providers.route;

import dev.plinth.api.chat.AbstractChatStream;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.FinishReason;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.time.Timeouts;
import dev.plinth.api.usage.Price;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One place where a model is served, with what a {@link Router} has to know of it to choose.
 *
 * <pre>{@code
 * Deployment.builder("azure-eu", azure).region("eu").tier(Tier.GOLD).build();
 * }</pre>
 *
 * <p>Immutable and thread-safe, as far as its model and its conditions are.
 */
public final class Deployment extends ForwardingChatModel {

    private final String name;
    private final double weight;
    private final @Nullable Tier tier;
    private final @Nullable String region;
    private final @Nullable Price price;
    private final @Nullable Integer contextTokens;
    private final List<Predicate<? super ChatRequest>> conditions;
    private final List<AnswerCheck> checks;
    private final @Nullable Timeouts timeouts;
    private final boolean standIn;
    private final boolean afterContentFilter;

    private Deployment(Builder builder) {
        super(builder.model);
        this.name = builder.name;
        this.weight = builder.weight;
        this.tier = builder.tier;
        this.region = builder.region;
        this.price = builder.price;
        this.contextTokens = builder.contextTokens;
        this.conditions = List.copyOf(builder.conditions);
        this.checks = List.copyOf(builder.checks);
        this.timeouts = builder.timeouts;
        this.standIn = builder.standIn;
        this.afterContentFilter = builder.afterContentFilter;
    }

    /** A deployment of which no more is known than its name. */
    public static Deployment of(String name, ChatModel model) {
        return builder(name, model).build();
    }

    /**
     * A builder.
     *
     * @param name unique within a router, of low cardinality; it stands in answers, errors, metrics and limits
     */
    public static Builder builder(String name, ChatModel model) {
        return new Builder(name, model);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its part of the traffic, relative to that of the others. */
    public double weight() {
        return weight;
    }

    /** How good it is. */
    public Optional<Tier> tier() {
        return Optional.ofNullable(tier);
    }

    /** Where it runs. */
    public Optional<String> region() {
        return Optional.ofNullable(region);
    }

    /** What its tokens cost. */
    public Optional<Price> price() {
        return Optional.ofNullable(price);
    }

    /** The most tokens of input and output together. */
    public OptionalInt contextTokens() {
        return contextTokens == null ? OptionalInt.empty() : OptionalInt.of(contextTokens);
    }

    /** Whether its answers are less than what is asked for. */
    public boolean isStandIn() {
        return standIn;
    }

    /** Whether it is asked only when a content filter has stopped another one. */
    public boolean isAfterContentFilter() {
        return afterContentFilter;
    }

    /** Whether it takes this request. */
    boolean takes(ChatRequest request) {
        return conditions.stream().allMatch(condition -> condition.test(request));
    }

    Optional<Timeouts> timeouts() {
        return Optional.ofNullable(timeouts);
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return checked(next().chat(request));
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ChatStream stream = next().stream(request);
        return new CheckedStream(stream);
    }

    private ChatResponse checked(ChatResponse response) {
        if (response.finishReason() == FinishReason.ERROR) {
            throw faulty(
                    response, "finish_reason: " + response.rawFinishReason().orElse("error") + " (expected: stop)");
        }
        for (AnswerCheck check : checks) {
            Optional<String> fault = check.fault(response);
            if (fault.isPresent()) {
                throw faulty(response, fault.get());
            }
        }
        return response;
    }

    private LlmException faulty(ChatResponse response, String fault) {
        ErrorDetails details = ErrorDetails.builder()
                .provider(info().provider())
                .model(info().model())
                .requestId(response.requestId().orElse(null))
                .build();
        return new MalformedResponseException(fault, details, null).setPartial(response.text(), response.usage());
    }

    @Override
    public String toString() {
        return "Deployment[" + name + ", " + info().provider() + "/" + info().model() + "]";
    }

    private final class CheckedStream extends AbstractChatStream {
        private final ChatStream next;
        private final Iterator<StreamEvent> events;

        CheckedStream(ChatStream next) {
            this.next = next;
            this.events = next.iterator();
        }

        @Override
        protected @Nullable StreamEvent advance() {
            StreamEvent event = events.hasNext() ? events.next() : null;
            return event instanceof StreamEvent.Finished finished
                    ? new StreamEvent.Finished(checked(finished.response()))
                    : event;
        }

        @Override
        protected void release() {
            next.close();
        }
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final ChatModel model;
        private double weight = 1;
        private @Nullable Tier tier;
        private @Nullable String region;
        private @Nullable Price price;
        private @Nullable Integer contextTokens;
        private final List<Predicate<? super ChatRequest>> conditions = new ArrayList<>();
        private final List<AnswerCheck> checks = new ArrayList<>();
        private @Nullable Timeouts timeouts;
        private boolean standIn;
        private boolean afterContentFilter;

        private Builder(String name, ChatModel model) {
            this.name = Check.notBlank(name, "name");
            this.model = Check.notNull(model, "model");
        }

        /** Its part of the traffic, for {@link RouteOrder#weighted()}; above 0, 1 unless set. */
        public Builder weight(double weight) {
            Check.that(weight > 0 && weight < Double.POSITIVE_INFINITY, "weight", weight, "> 0, finite");
            this.weight = weight;
            return this;
        }

        /** How good it is; one without a tier serves calls of every tier. */
        public Builder tier(Tier tier) {
            this.tier = Check.notNull(tier, "tier");
            return this;
        }

        /** Where it runs: a call whose context has the tag {@code region} goes nowhere else. */
        public Builder region(String region) {
            this.region = Check.notBlank(region, "region");
            return this;
        }

        /** What its tokens cost, for {@link RouteOrder#leastCost}. */
        public Builder price(Price price) {
            this.price = Check.notNull(price, "price");
            return this;
        }

        /** The most tokens: after a request was too long elsewhere, it is tried here only if more fit. */
        public Builder contextTokens(int tokens) {
            this.contextTokens = Check.positive(tokens, "contextTokens");
            return this;
        }

        /** It takes only such requests; all conditions have to hold. See {@link When}. */
        public Builder when(Predicate<? super ChatRequest> condition) {
            conditions.add(Check.notNull(condition, "condition"));
            return this;
        }

        /** Its answers are checked; one with a fault is a {@link MalformedResponseException}. */
        public Builder check(AnswerCheck check) {
            checks.add(Check.notNull(check, "check"));
            return this;
        }

        /** How long each wait may last, for requests that do not say. So a silent deployment leaves time for another. */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = Check.notNull(timeouts, "timeouts");
            return this;
        }

        /** Its answers are less than what is asked for, such as those of a small local model or a fixed text: degraded. */
        public Builder standIn() {
            this.standIn = true;
            return this;
        }

        /** It is asked only when the content filter of another one has stopped a call. */
        public Builder afterContentFilter() {
            this.afterContentFilter = true;
            return this;
        }

        /** The deployment. */
        public Deployment build() {
            return new Deployment(this);
        }
    }
}
