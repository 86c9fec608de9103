package dev.plinth.api.error;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of an error, as far as they are known. Holds neither keys nor prompts.
 *
 * <p>Immutable and thread-safe.
 */
public final class ErrorDetails {

    /** Nothing is known. */
    public static final ErrorDetails NONE = builder().build();

    private final @Nullable String provider;
    private final @Nullable String model;
    private final int httpStatus;
    private final @Nullable String requestId;
    private final @Nullable String providerCode;
    private final int attempts;
    private final @Nullable Duration retryAfter;
    private final @Nullable Boolean retryable;
    private final List<RateLimit> rateLimits;

    private ErrorDetails(Builder builder) {
        this.provider = builder.provider;
        this.model = builder.model;
        this.httpStatus = builder.httpStatus;
        this.requestId = builder.requestId;
        this.providerCode = builder.providerCode;
        this.attempts = builder.attempts;
        this.retryAfter = builder.retryAfter;
        this.retryable = builder.retryable;
        this.rateLimits = builder.rateLimits;
    }

    /** A builder that knows nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** Who was called. */
    public Optional<String> provider() {
        return Optional.ofNullable(provider);
    }

    /** The model that was asked for. */
    public Optional<String> model() {
        return Optional.ofNullable(model);
    }

    /** The HTTP status of the answer. */
    public OptionalInt httpStatus() {
        return httpStatus == 0 ? OptionalInt.empty() : OptionalInt.of(httpStatus);
    }

    /** The provider's id of the request, to quote to its support. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** The provider's own code or type of the error. */
    public Optional<String> providerCode() {
        return Optional.ofNullable(providerCode);
    }

    /** How many attempts were made, this one included; at least 1. */
    public int attempts() {
        return attempts;
    }

    /** How long the provider asks to wait before the next attempt. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What the provider itself says about trying again, which goes before what the category says. */
    public Optional<Boolean> retryable() {
        return Optional.ofNullable(retryable);
    }

    /** The provider's limits, as the head of the answer reported them; empty when it reported none. */
    public List<RateLimit> rateLimits() {
        return rateLimits;
    }

    /** A builder that starts with these details. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.provider = provider;
        builder.model = model;
        builder.httpStatus = httpStatus;
        builder.requestId = requestId;
        builder.providerCode = providerCode;
        builder.attempts = attempts;
        builder.retryAfter = retryAfter;
        builder.retryable = retryable;
        builder.rateLimits = rateLimits;
        return builder;
    }

    /** What is known, for the end of a message; empty when nothing is. */
    @Override
    public String toString() {
        StringJoiner known = new StringJoiner(", ");
        add(known, "provider", provider);
        add(known, "model", model);
        add(known, "status", httpStatus == 0 ? null : httpStatus);
        add(known, "code", providerCode);
        add(known, "request", requestId);
        add(known, "attempts", attempts == 1 ? null : attempts);
        add(known, "retry after", retryAfter);
        return known.toString();
    }

    private static void add(StringJoiner known, String name, @Nullable Object value) {
        if (value != null) {
            known.add(name + "=" + value);
        }
    }

    /** Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private @Nullable String provider;
        private @Nullable String model;
        private int httpStatus;
        private @Nullable String requestId;
        private @Nullable String providerCode;
        private int attempts = 1;
        private @Nullable Duration retryAfter;
        private @Nullable Boolean retryable;
        private List<RateLimit> rateLimits = List.of();

        private Builder() {}

        /** Who was called. */
        public Builder provider(String provider) {
            this.provider = Check.notNull(provider, "provider");
            return this;
        }

        /** The model that was asked for. */
        public Builder model(String model) {
            this.model = Check.notNull(model, "model");
            return this;
        }

        /** The HTTP status, 100 to 599. */
        public Builder httpStatus(int status) {
            Check.that(status >= 100 && status <= 599, "httpStatus", status, "100 to 599");
            this.httpStatus = status;
            return this;
        }

        /** The provider's id of the request. */
        public Builder requestId(@Nullable String requestId) {
            this.requestId = requestId;
            return this;
        }

        /** The provider's own code or type of the error. */
        public Builder providerCode(@Nullable String code) {
            this.providerCode = code;
            return this;
        }

        /** How many attempts were made. */
        public Builder attempts(int attempts) {
            this.attempts = Check.positive(attempts, "attempts");
            return this;
        }

        /** How long the provider asks to wait; zero is allowed. */
        public Builder retryAfter(@Nullable Duration retryAfter) {
            Check.that(retryAfter == null || !retryAfter.isNegative(), "retryAfter", retryAfter, ">= 0");
            this.retryAfter = retryAfter;
            return this;
        }

        /** What the provider itself says about trying again. */
        public Builder retryable(@Nullable Boolean retryable) {
            this.retryable = retryable;
            return this;
        }

        /** The provider's limits. */
        public Builder rateLimits(List<RateLimit> limits) {
            this.rateLimits = List.copyOf(limits);
            return this;
        }

        /** The details. */
        public ErrorDetails build() {
            return new ErrorDetails(this);
        }
    }
}
