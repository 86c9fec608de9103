package dev.plinth.rag.answer;

import dev.plinth.api.check.Check;
import java.util.Locale;

/**
 * When found text counts as grounds for an answer. Score scales differ between embedding models, so each has its own numbers.
 *
 * <p>The evidence is {@code similarity + lexicalWeight * coverage}: the highest cosine between the question and a sentence of the found chunks, and the highest share of the question's words that one of
 * these chunks has (headings included). Below the threshold there are no grounds.
 *
 * @param threshold the least evidence
 * @param lexicalWeight what full coverage of the question's words adds, in the scale of the cosine
 */
public record Grounds(double threshold, double lexicalWeight) {

    public Grounds {
        Check.that(Double.isFinite(threshold), "threshold", threshold, "finite");
        Check.that(lexicalWeight >= 0 && Double.isFinite(lexicalWeight), "lexicalWeight", lexicalWeight, ">= 0");
    }

    /** Measured for all-MiniLM-L6-v2, bge-small-en-v1.5 and e5-small-v2 by name, whatever the case and what stands around it; for other models a cautious guess in the scale of MiniLM: measure your own. */
    public static Grounds forModel(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("bge-small")) {
            return new Grounds(0.95, 0.4);
        }
        if (name.contains("e5-small")) {
            return new Grounds(1.1, 0.3);
        }
        return new Grounds(0.8, 0.5);
    }
}
