package dev.plinth.evals;

import dev.plinth.api.check.Check;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Evaluators that need nothing but code. All of them are cheap, exact and of value 1 for a pass and 0 for a fail. */
public final class Evaluators {

    /** How long one regular expression may search one answer, unless another limit is given: one second. */
    public static final Duration REGEX_LIMIT = Duration.ofSeconds(1);

    private Evaluators() {}

    /** {@code exact-match}: the answer is the expected one. Undecided when the case expects none. */
    public static Evaluator exactMatch(Normalization... overlooking) {
        return new ExactMatch(setOf(overlooking));
    }

    /** {@code contains}: the answer contains the expected one. Undecided when the case expects none. */
    public static Evaluator containsExpected(Normalization... overlooking) {
        return new Contains(null, setOf(overlooking));
    }

    /**
     * {@code contains}: the answer contains a text.
     *
     * @param text not blank
     */
    public static Evaluator contains(String text, Normalization... overlooking) {
        return new Contains(Check.notBlank(text, "text"), setOf(overlooking));
    }

    /**
     * {@code regex}: a part of the answer matches the pattern within {@link #REGEX_LIMIT}, else undecided.
     *
     * @param pattern of {@link java.util.regex.Pattern}; flags such as {@code (?i)} and anchors stand in it
     * @throws IllegalArgumentException if it is not a regular expression
     */
    public static Evaluator regex(String pattern) {
        return regex(pattern, REGEX_LIMIT, TimeSource.system());
    }

    /**
     * {@code regex}: a part of the answer matches the pattern. A search that takes longer than the limit, or that
     * recurses too deeply, is undecided.
     *
     * @throws IllegalArgumentException if it is not a regular expression
     */
    public static Evaluator regex(String pattern, Duration limit, TimeSource time) {
        return new RegexMatch(pattern, limit, time);
    }

    /** {@code not-...}: passes what the other fails and fails what it passes; undecided stays undecided. */
    public static Evaluator not(Evaluator evaluator) {
        return new Not(Check.notNull(evaluator, "evaluator"));
    }

    private static Set<Normalization> setOf(Normalization... steps) {
        Set<Normalization> set = EnumSet.noneOf(Normalization.class);
        set.addAll(List.of(steps));
        return set;
    }
}
