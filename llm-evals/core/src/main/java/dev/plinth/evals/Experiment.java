package dev.plinth.evals;

import dev.plinth.api.check.Check;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.score.Score;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the cases of a suite to a subject and judges the answers.
 *
 * <pre>{@code
 * ExperimentResult result = Experiment.builder("support, new prompt", EvalSuite.read(file))
 *         .repeats(3)
 *         .build()
 *         .run(evalCase -> support.answer(evalCase.input()));
 * System.out.println(result.toText());
 * }</pre>
 *
 * <p>Defaults: one trial per case, the evaluators of the cases only, the machine's clock.
 *
 * <p>Immutable and thread-safe. It runs on the caller's thread, one trial after the other.
 */
public final class Experiment {

    private final String name;
    private final EvalSuite suite;
    private final List<Evaluator> evaluators;
    private final int repeats;
    private final TimeSource time;

    private Experiment(Builder builder) {
        this.name = builder.name;
        this.suite = builder.suite;
        this.evaluators = List.copyOf(builder.evaluators);
        this.repeats = builder.repeats;
        this.time = builder.time;
    }

    /**
     * A builder.
     *
     * @param name for reports; says what is tried
     */
    public static Builder builder(String name, EvalSuite suite) {
        return new Builder(name, suite);
    }

    /**
     * Runs all trials. A subject or an evaluator that throws makes its trial an error; the run goes on.
     *
     * @throws CancelledException if the thread was interrupted, or if the subject was cancelled
     */
    public ExperimentResult run(Subject subject) {
        Check.notNull(subject, "subject");
        Instant startedAt = time.now();
        long startedNanos = time.nanos();
        List<CaseResult> results = new ArrayList<>();
        for (EvalCase evalCase : suite.cases()) {
            List<Trial> trials = new ArrayList<>();
            for (int number = 1; number <= repeats; number++) {
                trials.add(run(subject, evalCase, number));
            }
            results.add(new CaseResult(evalCase, trials));
        }
        Duration duration = Duration.ofNanos(time.nanos() - startedNanos);
        return new ExperimentResult(name, suite.name(), startedAt, duration, results);
    }

    private Trial run(Subject subject, EvalCase evalCase, int number) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException(
                    "experiment: interrupted at case " + evalCase.id() + " (expected: run to its end)");
        }
        long start = time.nanos();
        try {
            String output = Check.notNull(subject.answer(evalCase), "output");
            return judge(evalCase, number, output, Duration.ofNanos(time.nanos() - start));
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (RuntimeException noAnswer) {
            return new Trial(number, null, List.of(), noAnswer, Duration.ofNanos(time.nanos() - start));
        }
    }

    private Trial judge(EvalCase evalCase, int number, String output, Duration duration) {
        List<Score> scores = new ArrayList<>();
        @Nullable RuntimeException error = null;
        for (Evaluator evaluator : judges(evalCase)) {
            try {
                scores.add(evaluator.evaluate(evalCase, output));
            } catch (CancelledException cancelled) {
                throw cancelled;
            } catch (RuntimeException noJudgement) {
                error = error == null ? noJudgement : error;
            }
        }
        return new Trial(number, output, scores, error, duration);
    }

    private List<Evaluator> judges(EvalCase evalCase) {
        List<Evaluator> judges = new ArrayList<>(evalCase.evaluators());
        judges.addAll(evaluators);
        return judges;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final EvalSuite suite;
        private final List<Evaluator> evaluators = new ArrayList<>();
        private int repeats = 1;
        private TimeSource time = TimeSource.system();

        private Builder(String name, EvalSuite suite) {
            this.name = Check.notBlank(name, "name");
            this.suite = Check.notNull(suite, "suite");
        }

        /** Adds an evaluator that judges every answer, besides those of its case. */
        public Builder evaluator(Evaluator evaluator) {
            evaluators.add(Check.notNull(evaluator, "evaluator"));
            return this;
        }

        /** How often each case is tried; models answer differently each time. */
        public Builder repeats(int repeats) {
            this.repeats = Check.positive(repeats, "repeats");
            return this;
        }

        /** The clock. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /**
         * The experiment.
         *
         * @throws IllegalArgumentException if nothing judges one of the cases
         */
        public Experiment build() {
            for (EvalCase evalCase : suite.cases()) {
                boolean judged = !evaluators.isEmpty() || !evalCase.evaluators().isEmpty();
                Check.that(judged, "evaluators", "none for case " + evalCase.id(), "at least one");
            }
            return new Experiment(this);
        }
    }
}
