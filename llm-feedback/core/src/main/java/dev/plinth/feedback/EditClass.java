package dev.plinth.feedback;

import dev.plinth.api.score.Outcome;
import java.util.Locale;

/**
 * How far an edit goes, counted in words. The thresholds are Plinth's own, except for the tenth that is common for a
 * light edit.
 */
public enum EditClass {
    /** No word was changed; white space may have been. */
    ACCEPTED(Outcome.PASS),
    /** Less than a tenth of the words was changed, and at least half of the original's words were kept. */
    LIGHT(Outcome.PASS),
    /** A tenth of the words or more was changed, and at least half of the original's words were kept. */
    HEAVY(Outcome.UNDECIDED),
    /** Less than half of the original's words were kept; what two texts share by chance is below that. */
    REWRITTEN(Outcome.FAIL),
    /** Nothing was left. */
    DISCARDED(Outcome.FAIL);

    private final Outcome outcome;

    EditClass(Outcome outcome) {
        this.outcome = outcome;
    }

    /** What the edit says about the output: in the middle it does not say whether the output was good enough. */
    public Outcome outcome() {
        return outcome;
    }

    /** The name in lower case, the label of an edit's score. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
