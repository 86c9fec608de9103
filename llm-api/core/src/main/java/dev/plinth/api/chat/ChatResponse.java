package dev.plinth.api.chat;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.RateLimit;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a chat model, complete.
 *
 * <p>Immutable and thread-safe.
 */
public final class ChatResponse {

    private final Message message;
    private final FinishReason finishReason;
    private final @Nullable String rawFinishReason;
    private final Usage usage;
    private final @Nullable Cost cost;
    private final @Nullable String id;
    private final @Nullable String requestId;
    private final @Nullable String provider;
    private final @Nullable String model;
    private final boolean cached;
    private final @Nullable String raw;
    private final @Nullable String serviceTier;
    private final List<Citation> citations;
    private final List<TokenLogprob> logprobs;
    private final List<RateLimit> rateLimits;
    private final List<Attempt> attempts;
    private final boolean degraded;

    private ChatResponse(Builder builder) {
        this.message = builder.message;
        this.finishReason = builder.finishReason;
        this.rawFinishReason = builder.rawFinishReason;
        this.usage = builder.usage;
        this.cost = builder.cost;
        this.id = builder.id;
        this.requestId = builder.requestId;
        this.provider = builder.provider;
        this.model = builder.model;
        this.cached = builder.cached;
        this.raw = builder.raw;
        this.serviceTier = builder.serviceTier;
        this.citations = builder.citations;
        this.logprobs = builder.logprobs;
        this.rateLimits = builder.rateLimits;
        this.attempts = builder.attempts;
        this.degraded = builder.degraded;
    }

    /** A response of this text, finished with {@link FinishReason#STOP}, its usage unknown. */
    public static ChatResponse of(String text) {
        return builder().message(Message.assistant(text)).build();
    }

    /** A builder with an empty message, {@link FinishReason#STOP} and unknown usage. */
    public static Builder builder() {
        return new Builder();
    }

    /** What the model said and asked for; its role is {@link Role#ASSISTANT}. */
    public Message message() {
        return message;
    }

    /** All text; empty when there is none. */
    public String text() {
        return message.text();
    }

    /** What the model thought, as far as the vendor shows it; empty when there is none. */
    public String reasoning() {
        return message.parts().stream()
                .filter(Part.Reasoning.class::isInstance)
                .map(part -> ((Part.Reasoning) part).text())
                .collect(Collectors.joining());
    }

    /** The tools the model asks for, in order. */
    public List<ToolCall> toolCalls() {
        return message.toolCalls();
    }

    /** Why the answer ended. */
    public FinishReason finishReason() {
        return finishReason;
    }

    /** Why the answer ended, in the vendor's word. */
    public Optional<String> rawFinishReason() {
        return Optional.ofNullable(rawFinishReason);
    }

    /** What the call used: all its attempts together. */
    public Usage usage() {
        return usage;
    }

    /** What the call cost, where a price is known. */
    public Optional<Cost> cost() {
        return Optional.ofNullable(cost);
    }

    /** The vendor's id of the response. */
    public Optional<String> id() {
        return Optional.ofNullable(id);
    }

    /** The vendor's id of the request, to quote to its support. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** Who answered. */
    public Optional<String> provider() {
        return Optional.ofNullable(provider);
    }

    /** The model that really answered, such as a dated name. */
    public Optional<String> model() {
        return Optional.ofNullable(model);
    }

    /** Whether the answer came out of a cache. */
    public boolean cached() {
        return cached;
    }

    /** The vendor's answer as it came, where the request asked to keep it: of a stream, one event per line. */
    public Optional<String> raw() {
        return Optional.ofNullable(raw);
    }

    /** The class of service the answer was really given in, in the vendor's word. */
    public Optional<String> serviceTier() {
        return Optional.ofNullable(serviceTier);
    }

    /** What the vendor says backs the text, in the order it was said; empty when it says nothing. */
    public List<Citation> citations() {
        return citations;
    }

    /** The probabilities of the text's tokens, where the request asked for them. */
    public List<TokenLogprob> logprobs() {
        return logprobs;
    }

    /** The vendor's limits, as the head of the answer reported them; empty when it reported none. */
    public List<RateLimit> rateLimits() {
        return rateLimits;
    }

    /**
     * All that was tried for this answer, in the order of the ends: which deployment answered and why it was asked. Empty
     * when nobody tried again or chose.
     */
    public List<Attempt> attempts() {
        return attempts;
    }

    /** Whether this is less than what was asked for: the answer of a stand-in or of a lower tier. */
    public boolean degraded() {
        return degraded;
    }

    /** A builder that starts with this response. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.message = message;
        builder.finishReason = finishReason;
        builder.rawFinishReason = rawFinishReason;
        builder.usage = usage;
        builder.cost = cost;
        builder.id = id;
        builder.requestId = requestId;
        builder.provider = provider;
        builder.model = model;
        builder.cached = cached;
        builder.raw = raw;
        builder.serviceTier = serviceTier;
        builder.citations = citations;
        builder.logprobs = logprobs;
        builder.rateLimits = rateLimits;
        builder.attempts = attempts;
        builder.degraded = degraded;
        return builder;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChatResponse that
                && message.equals(that.message)
                && finishReason == that.finishReason
                && Objects.equals(rawFinishReason, that.rawFinishReason)
                && usage.equals(that.usage)
                && Objects.equals(cost, that.cost)
                && Objects.equals(id, that.id)
                && Objects.equals(requestId, that.requestId)
                && Objects.equals(provider, that.provider)
                && Objects.equals(model, that.model)
                && cached == that.cached
                && Objects.equals(raw, that.raw)
                && Objects.equals(serviceTier, that.serviceTier)
                && citations.equals(that.citations)
                && logprobs.equals(that.logprobs)
                && rateLimits.equals(that.rateLimits)
                && attempts.equals(that.attempts)
                && degraded == that.degraded;
    }

    @Override
    public int hashCode() {
        return Objects.hash(message, finishReason, usage, id, model, cached);
    }

    /** Names the facts, without the content of the message. */
    @Override
    public String toString() {
        return "ChatResponse[model=" + model + ", finishReason=" + finishReason + ", " + usage + ", cached=" + cached
                + "]";
    }

    /** Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private Message message = new Message(Role.ASSISTANT, List.of());
        private FinishReason finishReason = FinishReason.STOP;
        private @Nullable String rawFinishReason;
        private Usage usage = Usage.UNKNOWN;
        private @Nullable Cost cost;
        private @Nullable String id;
        private @Nullable String requestId;
        private @Nullable String provider;
        private @Nullable String model;
        private boolean cached;
        private @Nullable String raw;
        private @Nullable String serviceTier;
        private List<Citation> citations = List.of();
        private List<TokenLogprob> logprobs = List.of();
        private List<RateLimit> rateLimits = List.of();
        private List<Attempt> attempts = List.of();
        private boolean degraded;

        private Builder() {}

        /** What the model said; its role is {@link Role#ASSISTANT}. */
        public Builder message(Message message) {
            Check.notNull(message, "message");
            Check.that(message.role() == Role.ASSISTANT, "message.role", message.role(), "ASSISTANT");
            this.message = message;
            return this;
        }

        /** Why the answer ended. */
        public Builder finishReason(FinishReason reason) {
            this.finishReason = Check.notNull(reason, "finishReason");
            return this;
        }

        /** Why the answer ended, in the vendor's word. */
        public Builder rawFinishReason(@Nullable String reason) {
            this.rawFinishReason = reason;
            return this;
        }

        /** What the call used. */
        public Builder usage(Usage usage) {
            this.usage = Check.notNull(usage, "usage");
            return this;
        }

        /** What the call cost. */
        public Builder cost(@Nullable Cost cost) {
            this.cost = cost;
            return this;
        }

        /** The vendor's id of the response. */
        public Builder id(@Nullable String id) {
            this.id = id;
            return this;
        }

        /** The vendor's id of the request. */
        public Builder requestId(@Nullable String requestId) {
            this.requestId = requestId;
            return this;
        }

        /** Who answered. */
        public Builder provider(@Nullable String provider) {
            this.provider = provider;
            return this;
        }

        /** The model that really answered. */
        public Builder model(@Nullable String model) {
            this.model = model;
            return this;
        }

        /** Whether the answer came out of a cache. */
        public Builder cached(boolean cached) {
            this.cached = cached;
            return this;
        }

        /** The vendor's answer as it came. */
        public Builder raw(@Nullable String raw) {
            this.raw = raw;
            return this;
        }

        /** The class of service. */
        public Builder serviceTier(@Nullable String tier) {
            this.serviceTier = tier;
            return this;
        }

        /** What backs the text. */
        public Builder citations(List<Citation> citations) {
            this.citations = List.copyOf(citations);
            return this;
        }

        /** The probabilities of the text's tokens. */
        public Builder logprobs(List<TokenLogprob> logprobs) {
            this.logprobs = List.copyOf(logprobs);
            return this;
        }

        /** The vendor's limits. */
        public Builder rateLimits(List<RateLimit> limits) {
            this.rateLimits = List.copyOf(limits);
            return this;
        }

        /** All that was tried. */
        public Builder attempts(List<Attempt> attempts) {
            this.attempts = List.copyOf(attempts);
            return this;
        }

        /** Whether this is less than what was asked for. */
        public Builder degraded(boolean degraded) {
            this.degraded = degraded;
            return this;
        }

        /** The response. */
        public ChatResponse build() {
            return new ChatResponse(this);
        }
    }
}
