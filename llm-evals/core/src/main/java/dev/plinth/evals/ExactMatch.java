package dev.plinth.evals;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Score;
import java.util.Set;

/** Equal texts. */
record ExactMatch(Set<Normalization> overlooking) implements Evaluator {

    private static final String NAME = "exact-match";
    private static final Annotator RULE = Verdicts.rule(NAME + "/1");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Score evaluate(EvalCase evalCase, String output) {
        if (evalCase.expected().isEmpty()) {
            return Verdicts.nothingExpected(NAME, RULE);
        }
        String expected = Normalization.apply(overlooking, evalCase.expected().get());
        String actual = Normalization.apply(overlooking, output);
        return expected.equals(actual)
                ? Verdicts.passed(NAME, RULE)
                : Verdicts.failed(NAME, RULE, difference(expected, actual));
    }

    private static String difference(String expected, String actual) {
        int same = 0;
        while (same < expected.length() && same < actual.length() && expected.charAt(same) == actual.charAt(same)) {
            same++;
        }
        int from = Math.max(0, same - 20);
        return "differs at character " + same + ": " + Verdicts.quoted(actual, from) + " (expected: "
                + Verdicts.quoted(expected, from) + ")";
    }
}
