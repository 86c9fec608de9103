package dev.plinth.providers.attempt;

import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.IncompleteEmbeddingException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What was tried for one call, in the order of the ends.
 *
 * <p>Thread-safe: the attempts of a hedged call run side by side.
 */
public final class AttemptLog {

    private static final String CANCELLED = "cancelled";

    private final TimeSource time;
    private final List<Attempt> ended = new ArrayList<>();

    /** An empty log. */
    public AttemptLog(TimeSource time) {
        this.time = time;
    }

    /**
     * Begins an attempt.
     *
     * @param deployment where it goes; null: no router chose
     * @param model what is asked for there
     * @param why it is made
     */
    public Open begin(@Nullable String deployment, String provider, String model, String why) {
        return new Open(deployment, provider, model, why);
    }

    /** All that has ended so far. */
    public synchronized List<Attempt> attempts() {
        return List.copyOf(ended);
    }

    /** The answer with all that was tried for it, and what that used and cost together. */
    public ChatResponse whole(ChatResponse response) {
        List<Attempt> attempts = Estimates.fill(attempts());
        return response.toBuilder()
                .attempts(attempts)
                .usage(Attempt.sum(attempts))
                .cost(total(attempts))
                .build();
    }

    /** As for an answer in words. */
    public EmbeddingResponse whole(EmbeddingResponse response) {
        List<Attempt> attempts = Estimates.fill(attempts());
        return new EmbeddingResponse(
                response.vectors(), response.model(), Attempt.sum(attempts), total(attempts), attempts);
    }

    /** As for an answer in words. */
    public RerankResponse whole(RerankResponse response) {
        List<Attempt> attempts = Estimates.fill(attempts());
        return new RerankResponse(
                response.ranked(), response.model(), Attempt.sum(attempts), total(attempts), attempts);
    }

    /** The failure with all that was tried before it, and what that used together. */
    public LlmException whole(LlmException failure) {
        List<Attempt> attempts = attempts();
        return failure.setAttempts(attempts).setPartial(failure.partialText(), Attempt.sum(attempts));
    }

    private static @Nullable Cost total(List<Attempt> attempts) {
        return Attempt.totalCost(attempts).orElse(null);
    }

    private synchronized void add(List<Attempt> more) {
        ended.addAll(more);
    }

    /** An attempt that runs. It ends once; a second end is passed over. */
    public final class Open {
        private final @Nullable String deployment;
        private final String provider;
        private final String model;
        private final String why;
        private final Instant startedAt = time.now();
        private final long startedNanos = time.nanos();
        private final AtomicBoolean over = new AtomicBoolean();

        private Open(@Nullable String deployment, String provider, String model, String why) {
            this.deployment = deployment;
            this.provider = provider;
            this.model = model;
            this.why = why;
        }

        /** How long it has run. */
        public Duration elapsed() {
            return Duration.ofNanos(time.nanos() - startedNanos);
        }

        /** It answered. */
        public void answered(ChatResponse response) {
            end(response.attempts(), null, response.usage(), response.cost().orElse(null));
        }

        /** It answered. */
        public void answered(EmbeddingResponse response) {
            boolean told = Attempt.addUp(response.attempts(), response.usage());
            end(told ? response.attempts() : List.of(), null, response.usage(), response.cost());
        }

        /** It answered. */
        public void answered(RerankResponse response) {
            end(response.attempts(), null, response.usage(), response.cost());
        }

        /** It failed. Of many texts, those tries have succeeded whose vectors are kept. */
        public void failed(LlmException failure) {
            boolean keeps = failure instanceof IncompleteEmbeddingException
                    && !failure.attempts().isEmpty();
            end(failure.attempts(), keeps ? null : failure.code(), Estimates.usage(failure), null);
        }

        /** It was given up for another one. */
        public void cancelled() {
            end(List.of(), CANCELLED, Usage.UNKNOWN, null);
        }

        /** It answered, but another one was faster. */
        public void cancelled(ChatResponse answer) {
            end(answer.attempts(), CANCELLED, answer.usage(), answer.cost().orElse(null));
        }

        private void end(List<Attempt> within, @Nullable String error, Usage usage, @Nullable Cost cost) {
            if (!over.compareAndSet(false, true)) {
                return;
            }
            if (within.isEmpty()) {
                add(List.of(new Attempt(deployment, provider, model, why, startedAt, elapsed(), error, usage, cost)));
                return;
            }
            List<Attempt> named = new ArrayList<>(within.size());
            for (Attempt each : within) {
                named.add(new Attempt(
                        each.deployment() == null ? deployment : each.deployment(),
                        each.provider(),
                        each.model(),
                        named.isEmpty() ? why : each.why(),
                        each.startedAt(),
                        each.duration(),
                        each.succeeded() ? error : each.error(),
                        each.usage(),
                        each.cost()));
            }
            add(named);
        }
    }
}
