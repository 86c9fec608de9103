package dev.plinth.providers.limit;

import dev.plinth.api.check.Check;
import dev.plinth.api.limit.Rate;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How much may be sent to one deployment under one key: requests, tokens and calls at the same time. What is not set is
 * not limited.
 *
 * <p>Immutable and thread-safe.
 */
public final class Limit {

    /** Nothing is limited, but for what the vendor reports. */
    public static final Limit NONE = builder().build();

    private final @Nullable Rate requests;
    private final @Nullable Rate tokens;
    private final @Nullable Integer concurrent;

    private Limit(Builder builder) {
        this.requests = builder.requests;
        this.tokens = builder.tokens;
        this.concurrent = builder.concurrent;
    }

    /** A builder that limits nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** The pace of requests. */
    public Optional<Rate> requests() {
        return Optional.ofNullable(requests);
    }

    /** The pace of tokens, input and output together. */
    public Optional<Rate> tokens() {
        return Optional.ofNullable(tokens);
    }

    /** How many calls may run at the same time in this process. */
    public OptionalInt concurrent() {
        return concurrent == null ? OptionalInt.empty() : OptionalInt.of(concurrent);
    }

    @Override
    public String toString() {
        return "Limit[requests=" + requests + ", tokens=" + tokens + ", concurrent=" + concurrent + "]";
    }

    /** Not thread-safe. */
    public static final class Builder {
        private @Nullable Rate requests;
        private @Nullable Rate tokens;
        private @Nullable Integer concurrent;

        private Builder() {}

        /** The pace of requests. */
        public Builder requests(Rate rate) {
            this.requests = Check.notNull(rate, "requests");
            return this;
        }

        /** So many requests in a minute. */
        public Builder requestsPerMinute(long requests) {
            return requests(Rate.perMinute(requests));
        }

        /** The pace of tokens, input and output together. */
        public Builder tokens(Rate rate) {
            this.tokens = Check.notNull(rate, "tokens");
            return this;
        }

        /** So many tokens in a minute. */
        public Builder tokensPerMinute(long tokens) {
            return tokens(Rate.perMinute(tokens));
        }

        /** So many calls at the same time; each process counts its own. */
        public Builder concurrent(int calls) {
            this.concurrent = Check.positive(calls, "concurrent");
            return this;
        }

        /** The limit. */
        public Limit build() {
            return new Limit(this);
        }
    }
}
