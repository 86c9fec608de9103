package dev.plinth.providers.retry;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Stage;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Tries failed calls again.
 *
 * <pre>{@code
 * ChatModel model = Layers.of(Retries.create()).around(openAi);
 * }</pre>
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>at most 3 attempts;
 *   <li>again after what {@linkplain LlmException#isRetryable() may pass}: rate limited, overloaded, transport, timed out,
 *       malformed response; never after anything else, unless the provider says that it may succeed, and never when the
 *       provider says that it will not;
 *   <li>the wait is the one the provider asks for, up to a minute: a longer one is not waited for; where it asks for none,
 *       a random span up to 0.5 s, then 1 s, 2 s ... at most 8 s;
 *   <li>no retry that could not begin before the deadline of the call's context: the failure is thrown at once;
 *   <li>a budget for each model: retries are at most a fifth of the calls, with 20 in reserve, so that an outage does not
 *       multiply the traffic.
 * </ul>
 *
 * <p>A stream is tried again until its first content has come, never after it: what the caller has seen is not taken back. It
 * is opened when it is first read. Within a router only the last target is tried again, since going elsewhere is faster
 * than waiting. Of many texts to embed, only those are asked for again that have no vector yet.
 *
 * <p>The answer, in words, vectors or ranks, says what was tried
 * (such as {@link dev.plinth.api.chat.ChatResponse#attempts()}) when it took more than one attempt, and so does the failure ({@link LlmException#attempts()}). Immutable and thread-safe.
 */
public final class Retries implements Layer {

    final int maxAttempts;
    final Backoff backoff;
    final Duration maxWait;
    final Predicate<? super LlmException> retryable;
    final double budgetShare;
    final int budgetReserve;
    final TimeSource time;
    final RandomGenerator random;

    private Retries(Builder builder) {
        this.maxAttempts = builder.maxAttempts;
        this.backoff = new Backoff(builder.firstBackoff, builder.mostBackoff);
        this.maxWait = builder.maxWait;
        this.retryable = builder.retryable;
        this.budgetShare = builder.budgetShare;
        this.budgetReserve = builder.budgetReserve;
        this.time = builder.time;
        this.random = builder.random;
    }

    /** Retries with the defaults. */
    public static Retries create() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Stage stage() {
        return Stage.RETRY;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new RetryingChatModel(next, new Attempter(this));
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new RetryingEmbeddingModel(next, new Attempter(this));
    }

    @Override
    public Reranker around(Reranker next) {
        return new RetryingReranker(next, new Attempter(this));
    }

    /** Not thread-safe. */
    public static final class Builder {
        private int maxAttempts = 3;
        private Duration firstBackoff = Duration.ofMillis(500);
        private Duration mostBackoff = Duration.ofSeconds(8);
        private Duration maxWait = Duration.ofMinutes(1);
        private Predicate<? super LlmException> retryable = LlmException::isRetryable;
        private double budgetShare = 0.2;
        private int budgetReserve = 20;
        private TimeSource time = TimeSource.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        /** How many attempts at most, the first included. */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = Check.positive(attempts, "maxAttempts");
            return this;
        }

        /**
         * The limits of the random wait where the provider asks for none.
         *
         * @param first before the second attempt; doubles with each further one
         * @param most never more than that
         */
        public Builder backoff(Duration first, Duration most) {
            Check.positive(first, "first");
            Check.positive(most, "most");
            Check.that(most.compareTo(first) >= 0, "most", most, ">= " + first);
            this.firstBackoff = first;
            this.mostBackoff = most;
            return this;
        }

        /** The longest wait a provider may ask for; when it asks for more, the failure is thrown at once. */
        public Builder maxWait(Duration wait) {
            this.maxWait = Check.positive(wait, "maxWait");
            return this;
        }

        /** Which failures are tried again, instead of the default. */
        public Builder on(Predicate<? super LlmException> retryable) {
            this.retryable = Check.notNull(retryable, "retryable");
            return this;
        }

        /**
         * How many retries there may be for each call over time, and how many at once.
         *
         * @param share 0 to 1
         * @param reserve 0 or more
         */
        public Builder budget(double share, int reserve) {
            this.budgetShare = Check.within(share, 0, 1, "share");
            Check.that(reserve >= 0, "reserve", reserve, ">= 0");
            this.budgetReserve = reserve;
            return this;
        }

        /** The clock to wait on. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The source of the random waits; thread-safe. */
        public Builder random(RandomGenerator random) {
            this.random = Check.notNull(random, "random");
            return this;
        }

        /** The layer. */
        public Retries build() {
            return new Retries(this);
        }
    }
}
