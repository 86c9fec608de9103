package dev.plinth.api.rerank;

import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents in order.
 *
 * @param ranked best first, at most as many as were asked for
 * @param model the model that really answered
 * @param usage what the call used
 * @param cost what the call cost; null: not known
 */
public record RerankResponse(
        List<Ranked> ranked,
        String model,
        Usage usage,
        @Nullable Cost cost) {

    public RerankResponse {
        ranked = List.copyOf(ranked);
        Check.notNull(model, "model");
        Check.notNull(usage, "usage");
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
