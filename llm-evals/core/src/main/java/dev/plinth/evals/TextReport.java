package dev.plinth.evals;

import dev.plinth.api.error.LlmException;
import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import java.util.Locale;

/** A result for people. */
final class TextReport {

    private final StringBuilder text = new StringBuilder();

    private TextReport() {}

    static String of(ExperimentResult result) {
        TextReport report = new TextReport();
        report.head(result);
        result.cases().stream()
                .filter(evalCase -> evalCase.verdict() != Verdict.PASS)
                .forEach(report::add);
        return report.text.toString();
    }

    private void head(ExperimentResult result) {
        Counts counts = result.counts();
        int trials = result.cases().get(0).trials().size();
        line("%s: %s, %s", result.name(), result.suite(), trials == 1 ? "1 trial" : trials + " trials");
        line("  %s", rate(counts));
        line(
                "  %d failed, %d undecided, %d errors, %.1f s",
                counts.failed(),
                counts.undecided(),
                counts.errors(),
                result.duration().toMillis() / 1000.0);
        result.countsByEvaluator().forEach((name, each) -> line("  %s: %s", name, rate(each)));
    }

    private static String rate(Counts counts) {
        Proportion passRate = counts.passRate();
        Proportion.Interval interval = passRate.wilson95();
        String share = passRate.rate().isPresent()
                ? String.format(Locale.ROOT, "%.1f %%", 100 * passRate.rate().getAsDouble())
                : "nothing judged";
        return String.format(
                Locale.ROOT,
                "%d of %d passed: %s, 95 %% interval %.1f to %.1f %%",
                passRate.successes(),
                passRate.trials(),
                share,
                100 * interval.low(),
                100 * interval.high());
    }

    private void add(CaseResult result) {
        line(
                "%s %s: %d of %d trials passed",
                result.verdict(),
                result.evalCase().id(),
                result.passedTrials(),
                result.trials().size());
        for (Trial trial : result.trials()) {
            trial.error().ifPresent(error -> line("  trial %d: %s", trial.number(), describe(error)));
            for (Score score : trial.scores()) {
                if (score.outcome() != Outcome.PASS) {
                    line("  trial %d: %s", trial.number(), describe(score));
                }
            }
        }
    }

    private static String describe(Score score) {
        return score.name() + " " + score.outcome().name().toLowerCase(Locale.ROOT)
                + score.explanation().map(why -> ", " + why).orElse("");
    }

    private static String describe(RuntimeException error) {
        String kind = error instanceof LlmException known
                ? known.code()
                : error.getClass().getSimpleName();
        return "error " + kind + ", " + error.getMessage();
    }

    private void line(String format, Object... values) {
        // One line each, whatever an answer holds.
        text.append(String.format(Locale.ROOT, format, values).replaceAll("\\R", " "))
                .append('\n');
    }
}
