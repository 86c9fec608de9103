package dev.plinth.evals;

import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Score;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text within the answer.
 *
 * @param text null for the one that the case expects
 */
record Contains(@Nullable String text, Set<Normalization> overlooking) implements Evaluator {

    private static final String NAME = "contains";
    private static final Annotator RULE = Verdicts.rule(NAME + "/1");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Score evaluate(EvalCase evalCase, String output) {
        String wanted = text == null ? evalCase.expected().orElse("") : text;
        // Every answer contains the empty text: that is no judgement.
        if (wanted.isBlank()) {
            return Verdicts.nothingExpected(NAME, RULE);
        }
        return Normalization.apply(overlooking, output).contains(Normalization.apply(overlooking, wanted))
                ? Verdicts.passed(NAME, RULE)
                : Verdicts.failed(
                        NAME, RULE, Verdicts.quoted(output) + " (expected: contains " + Verdicts.quoted(wanted) + ")");
    }
}
