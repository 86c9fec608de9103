package dev.plinth.evals;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * How many cases came to what.
 *
 * @param passed every time
 * @param failed at least once
 * @param undecided at least once, and never failed
 * @param errors without an answer at least once, and never failed
 */
public record Counts(int passed, int failed, int undecided, int errors) {

    static Counts of(Collection<Verdict> verdicts) {
        List<Verdict> all = List.copyOf(verdicts);
        return new Counts(
                Collections.frequency(all, Verdict.PASS),
                Collections.frequency(all, Verdict.FAIL),
                Collections.frequency(all, Verdict.UNDECIDED),
                Collections.frequency(all, Verdict.ERROR));
    }

    /** All cases. */
    public int total() {
        return passed + failed + undecided + errors;
    }

    /**
     * The cases that passed among those that were judged: undecided ones count as not passed, errors do not count. Its
     * interval is over cases, however often each was repeated, since answers to one case are not independent.
     */
    public Proportion passRate() {
        return new Proportion(passed, total() - errors);
    }
}
