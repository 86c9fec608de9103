package dev.plinth.providers.openai;

import java.util.Map;
import java.util.Set;

/**
 * What OpenAI's moderation says of a text.
 *
 * @param flagged whether it should not be there
 * @param categories what it was flagged for, in the vendor's words, such as {@code harassment/threatening}
 * @param scores how sure the model is of each category: 0 to 1
 */
public record Moderation(boolean flagged, Set<String> categories, Map<String, Double> scores) {

    public Moderation {
        categories = Set.copyOf(categories);
        scores = Map.copyOf(scores);
    }
}
