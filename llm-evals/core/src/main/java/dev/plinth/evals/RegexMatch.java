package dev.plinth.evals;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.score.Annotator;
import dev.plinth.api.score.Score;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A pattern within the answer, searched for within a limit of time. */
final class RegexMatch implements Evaluator {

    private static final String NAME = "regex";
    private static final Annotator RULE = Verdicts.rule(NAME + "/1");

    private final Pattern pattern;
    private final Duration limit;
    private final TimeSource time;

    RegexMatch(String pattern, Duration limit, TimeSource time) {
        this.pattern = compiled(Check.notNull(pattern, "pattern"));
        this.limit = Check.positive(limit, "limit");
        this.time = Check.notNull(time, "time");
    }

    private static Pattern compiled(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException broken) {
            throw new IllegalArgumentException(
                    "pattern: " + pattern + " (expected: a regular expression; " + broken.getDescription() + ")",
                    broken);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Score evaluate(EvalCase evalCase, String output) {
        try {
            return pattern.matcher(new TimedText(output, Deadline.after(limit, time)))
                            .find()
                    ? Verdicts.passed(NAME, RULE)
                    : Verdicts.failed(
                            NAME, RULE, Verdicts.quoted(output) + " (expected: matches " + pattern.pattern() + ")");
        } catch (TimedOutException tooSlow) {
            return Verdicts.undecided(NAME, RULE, "timed-out", pattern.pattern() + " found no end within " + limit);
        } catch (StackOverflowError tooDeep) {
            // The engine recurses once per repetition of a group, so a long answer alone can exhaust the stack. It
            // keeps no state of its own that this could leave broken.
            return Verdicts.undecided(
                    NAME, RULE, "too-deep", pattern.pattern() + " recurses too deeply for this answer");
        }
    }
}
