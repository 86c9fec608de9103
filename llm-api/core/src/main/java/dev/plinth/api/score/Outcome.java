package dev.plinth.api.score;

/** What a judgement comes to. */
public enum Outcome {
    PASS,
    FAIL,
    /** The judge could not tell: never counts as a pass. */
    UNDECIDED
}
