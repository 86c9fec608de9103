package dev.plinth.rag.answer;

import dev.plinth.api.check.Check;
import java.util.Locale;

/**
 * When found text counts as grounds for an answer. Score scales differ between embedding models, so each has its own
 * numbers.
 *
 * <p>The strength of the evidence is {@code similarity + lexicalWeight * coverage}. Below the threshold there are no
 * grounds.
 *
 * @param threshold the least strength
 * @param lexicalWeight what full coverage of the question's words adds, in the scale of the cosine
 */
public record Grounds(double threshold, double lexicalWeight) {

    public Grounds {
        Check.that(Double.isFinite(threshold), "threshold", threshold, "finite");
        Check.that(lexicalWeight >= 0 && Double.isFinite(lexicalWeight), "lexicalWeight", lexicalWeight, ">= 0");
    }

    /** How strong this evidence is, in the scale of the threshold. */
    public double strength(Evidence evidence) {
        return evidence.similarity() + lexicalWeight * evidence.coverage();
    }

    /** Whether this evidence is enough for an answer. */
    public boolean carriedBy(Evidence evidence) {
        return strength(evidence) >= threshold;
    }

    /**
     * Measured for all-MiniLM-L6-v2, bge-small-en-v1.5 and e5-small-v2 by name, whatever the case and what stands
     * around it; for other models a cautious guess in the scale of MiniLM: measure your own.
     */
    public static Grounds forModel(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("bge-small")) {
            return new Grounds(0.88, 0.4);
        }
        if (name.contains("e5-small")) {
            return new Grounds(1.0, 0.3);
        }
        return new Grounds(0.8, 0.5);
    }
}
