package dev.plinth.evals;

/** What one answer, or all answers to one case, come to. Of several, the worst counts: the last in this order. */
public enum Verdict {
    /** Everything passed. */
    PASS,
    /** Nothing failed, but a judge could not tell. Never counts as a pass. */
    UNDECIDED,
    /** No answer or no judgement, since a provider failed. Says nothing about the answers and is counted apart. */
    ERROR,
    /** Something failed. */
    FAIL;

    Verdict worse(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
