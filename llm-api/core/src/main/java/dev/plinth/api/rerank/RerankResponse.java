package dev.plinth.api.rerank;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents in order.
 *
 * @param ranked best first, at most as many as were asked for
 * @param model the model that really answered
 * @param usage what the call used: all its attempts together
 * @param cost what the call cost; null: not known
 * @param attempts all that was tried, in the order of the ends; empty when nobody tried again
 */
public record RerankResponse(
        List<Ranked> ranked,
        String model,
        Usage usage,
        @Nullable Cost cost,
        List<Attempt> attempts) {

    public RerankResponse {
        ranked = List.copyOf(ranked);
        Check.notNull(model, "model");
        Check.notNull(usage, "usage");
        attempts = List.copyOf(attempts);
    }

    /** Documents in order after one attempt, whose cost is not known. */
    public RerankResponse(List<Ranked> ranked, String model, Usage usage) {
        this(ranked, model, usage, null, List.of());
    }

    /**
     * One document's place.
     *
     * @param index of the document in the request, from 0
     * @param score higher is better; its scale is the model's own
     */
    public record Ranked(int index, double score) {
        public Ranked {
            Check.that(index >= 0, "index", index, ">= 0");
            Check.that(!Double.isNaN(score), "score", score, "a number");
        }
    }
}
