package dev.plinth.api.batch;

import dev.plinth.api.check.Check;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a provider said of a batch when it was asked.
 *
 * <p>Immutable and thread-safe.
 */
public final class Batch {

    /** How far a batch is. */
    public enum State {
        /** It is checked, worked on, or brought to its end. */
        RUNNING,
        /** It was cancelled, and what had begun is brought to its end. */
        CANCELLING,
        /** There are results: of all requests, or of those that were answered before it expired or was cancelled. */
        ENDED,
        /** The provider refused it as a whole, {@link Batch#failure()} says why; there are no results. */
        FAILED
    }

    private final String id;
    private final State state;
    private final String rawState;
    private final long total;
    private final long succeeded;
    private final long failed;
    private final @Nullable Instant createdAt;
    private final @Nullable Instant endedAt;
    private final @Nullable Instant expiresAt;
    private final @Nullable String failure;

    private Batch(Builder builder) {
        this.id = builder.id;
        this.state = builder.state;
        this.rawState = builder.rawState == null ? builder.state.name() : builder.rawState;
        this.total = builder.total;
        this.succeeded = builder.succeeded;
        this.failed = builder.failed;
        this.createdAt = builder.createdAt;
        this.endedAt = builder.endedAt;
        this.expiresAt = builder.expiresAt;
        this.failure = builder.failure;
    }

    /** A builder of a batch of which no more is known. */
    public static Builder builder(String id, State state) {
        return new Builder(id, state);
    }

    /** The provider's id: all that has to be kept to find the batch again, from any process. */
    public String id() {
        return id;
    }

    /** How far it is. */
    public State state() {
        return state;
    }

    /** The state in the provider's words. */
    public String rawState() {
        return rawState;
    }

    /** Whether nothing will change any more. */
    public boolean isOver() {
        return state == State.ENDED || state == State.FAILED;
    }

    /** How many requests it has; empty while the provider has not counted them. */
    public OptionalLong total() {
        return total < 0 ? OptionalLong.empty() : OptionalLong.of(total);
    }

    /** How many were answered so far, as the provider counts. */
    public long succeeded() {
        return succeeded;
    }

    /** How many have come to nothing so far, for whatever reason, as the provider counts. */
    public long failed() {
        return failed;
    }

    /** When the provider took it. */
    public Optional<Instant> createdAt() {
        return Optional.ofNullable(createdAt);
    }

    /** When it was over. */
    public Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    /** When the provider gives up on what is not answered by then. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /** Why the provider refused the batch as a whole. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        String of = total < 0 ? "" : " of " + total;
        return "Batch[" + id + ", " + rawState + ", " + succeeded + of + " succeeded, " + failed + " failed]";
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final State state;
        private @Nullable String rawState;
        private long total = -1;
        private long succeeded;
        private long failed;
        private @Nullable Instant createdAt;
        private @Nullable Instant endedAt;
        private @Nullable Instant expiresAt;
        private @Nullable String failure;

        private Builder(String id, State state) {
            this.id = Check.notBlank(id, "id");
            this.state = Check.notNull(state, "state");
        }

        /** The state in the provider's words; null: it has none. */
        public Builder rawState(@Nullable String raw) {
            this.rawState = raw;
            return this;
        }

        /** How many requests it has; negative: unknown. */
        public Builder total(long requests) {
            this.total = requests;
            return this;
        }

        /** How many were answered so far, at least 0. */
        public Builder succeeded(long requests) {
            Check.that(requests >= 0, "succeeded", requests, ">= 0");
            this.succeeded = requests;
            return this;
        }

        /** How many have come to nothing so far, at least 0. */
        public Builder failed(long requests) {
            Check.that(requests >= 0, "failed", requests, ">= 0");
            this.failed = requests;
            return this;
        }

        /** When the provider took it; null: unknown. */
        public Builder createdAt(@Nullable Instant instant) {
            this.createdAt = instant;
            return this;
        }

        /** When it was over; null: it is not, or unknown. */
        public Builder endedAt(@Nullable Instant instant) {
            this.endedAt = instant;
            return this;
        }

        /** When the provider gives up; null: never, or unknown. */
        public Builder expiresAt(@Nullable Instant instant) {
            this.expiresAt = instant;
            return this;
        }

        /** Why the provider refused it as a whole; null: it did not. */
        public Builder failure(@Nullable String message) {
            this.failure = message;
            return this;
        }

        /** The batch. */
        public Batch build() {
            return new Batch(this);
        }
    }
}
