package dev.plinth.api.embedding;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.MalformedResponseException;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a request's texts.
 *
 * @param vectors one for each text, in the order of the texts, all of one length, all finite; the caller's to keep
 * @param model the model that really answered
 * @param usage what the call used: all its attempts together
 * @param cost what the call cost; null: not known
 * @param attempts all that was tried; empty when it was one call and nobody tried again or chose. Of answers that were
 *     joined, what was told of each: {@link Attempt#addUp} says whether that is all
 */
public record EmbeddingResponse(
        List<float[]> vectors,
        String model,
        Usage usage,
        @Nullable Cost cost,
        List<Attempt> attempts) {

    public EmbeddingResponse {
        vectors = List.copyOf(Check.notEmpty(vectors, "vectors"));
        Check.notNull(model, "model");
        Check.notNull(usage, "usage");
        attempts = List.copyOf(attempts);
    }

    /** Vectors of one attempt, whose cost is not known. */
    public EmbeddingResponse(List<float[]> vectors, String model, Usage usage) {
        this(vectors, model, usage, null, List.of());
    }

    /**
     * Several answers, one after the other, as one: what they used and cost is added. The cost is not known if one is not,
     * or if they are in several currencies.
     *
     * @param parts at least one
     * @throws MalformedResponseException if they are of different models or lengths: such vectors do not compare
     */
    public static EmbeddingResponse join(List<EmbeddingResponse> parts) {
        EmbeddingResponse first = Check.notEmpty(parts, "parts").get(0);
        if (parts.size() == 1) {
            return first;
        }
        List<float[]> vectors = new ArrayList<>();
        Usage usage = Usage.NONE;
        for (EmbeddingResponse part : parts) {
            same("model", part.model, first.model);
            same("dimensions", part.dimensions(), first.dimensions());
            vectors.addAll(part.vectors);
            usage = usage.plus(part.usage);
        }
        return new EmbeddingResponse(vectors, first.model, usage, sum(parts), attempts(parts));
    }

    private int dimensions() {
        return vectors.get(0).length;
    }

    private static void same(String name, Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new MalformedResponseException(
                    name + ": " + found + " (expected: " + expected + ", as in another part of the answer)");
        }
    }

    private static @Nullable Cost sum(List<EmbeddingResponse> parts) {
        Cost sum = null;
        for (EmbeddingResponse part : parts) {
            Cost cost = part.cost;
            if (cost == null || (sum != null && !sum.currency().equals(cost.currency()))) {
                return null;
            }
            sum = sum == null ? cost : sum.plus(cost);
        }
        return sum;
    }

    private static List<Attempt> attempts(List<EmbeddingResponse> parts) {
        return parts.stream().flatMap(part -> part.attempts.stream()).toList();
    }
}
