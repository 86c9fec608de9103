package dev.plinth.evals;

import dev.plinth.api.score.Outcome;
import dev.plinth.api.score.Score;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One answer to one case, and its judgements.
 *
 * <p>Immutable and thread-safe.
 */
public final class Trial {

    private final int number;
    private final @Nullable String output;
    private final List<Score> scores;
    private final @Nullable RuntimeException error;
    private final Duration duration;

    Trial(
            int number,
            @Nullable String output,
            List<Score> scores,
            @Nullable RuntimeException error,
            Duration duration) {
        this.number = number;
        this.output = output;
        this.scores = List.copyOf(scores);
        this.error = error;
        this.duration = duration;
    }

    /** Which of the repeats, from 1. */
    public int number() {
        return number;
    }

    /** The answer; absent when there was an error instead. */
    public Optional<String> output() {
        return Optional.ofNullable(output);
    }

    /** One score per evaluator that gave one. */
    public List<Score> scores() {
        return scores;
    }

    /** Why there is no answer, or why an evaluator gave no score: the first one. */
    public Optional<RuntimeException> error() {
        return Optional.ofNullable(error);
    }

    /** How long the subject took to answer, without the judging. */
    public Duration duration() {
        return duration;
    }

    /** What it comes to. */
    public Verdict verdict() {
        Verdict verdict = error == null ? Verdict.PASS : Verdict.ERROR;
        for (Score score : scores) {
            verdict = verdict.worse(verdict(score.outcome()));
        }
        return verdict;
    }

    static Verdict verdict(Outcome outcome) {
        return switch (outcome) {
            case PASS -> Verdict.PASS;
            case FAIL -> Verdict.FAIL;
            case UNDECIDED -> Verdict.UNDECIDED;
        };
    }

    @Override
    public String toString() {
        return "Trial[" + number + ", " + verdict() + "]";
    }
}
