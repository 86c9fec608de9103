package dev.plinth.feedback;

import dev.plinth.api.score.Outcome;

/** Up or down. */
public enum Thumb {
    UP("thumbs-up", Outcome.PASS, 1),
    DOWN("thumbs-down", Outcome.FAIL, 0);

    private final String label;
    private final Outcome outcome;
    private final double value;

    Thumb(String label, Outcome outcome, double value) {
        this.label = label;
        this.outcome = outcome;
        this.value = value;
    }

    String label() {
        return label;
    }

    Outcome outcome() {
        return outcome;
    }

    double value() {
        return value;
    }
}
