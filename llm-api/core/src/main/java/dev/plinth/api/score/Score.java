package dev.plinth.api.score;

import dev.plinth.api.check.Check;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One judgement of one output, whoever gives it: a thumb, a rating, an edit, a judge's verdict, a rule.
 *
 * <p>Immutable and thread-safe.
 */
public final class Score {

    private final String name;
    private final Outcome outcome;
    private final @Nullable Double value;
    private final @Nullable String label;
    private final @Nullable String explanation;
    private final Annotator annotator;
    private final @Nullable Target target;
    private final @Nullable Instant at;

    private Score(Builder builder) {
        this.name = builder.name;
        this.outcome = builder.outcome;
        this.value = builder.value;
        this.label = builder.label;
        this.explanation = builder.explanation;
        this.annotator = builder.annotator;
        this.target = builder.target;
        this.at = builder.at;
    }

    /**
     * A builder.
     *
     * @param name what was judged for, of low cardinality, such as {@code thumb} or {@code exact-match}
     * @param annotator who judged
     */
    public static Builder builder(String name, Outcome outcome, Annotator annotator) {
        return new Builder(name, outcome, annotator);
    }

    /** What was judged for. */
    public String name() {
        return name;
    }

    /** What it comes to. */
    public Outcome outcome() {
        return outcome;
    }

    /** How good it is; the scale belongs to the name, 0 to 1 by convention. */
    public OptionalDouble value() {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The judgement in a word of low cardinality, such as {@code thumbs-down}. */
    public Optional<String> label() {
        return Optional.ofNullable(label);
    }

    /** Why, for people. */
    public Optional<String> explanation() {
        return Optional.ofNullable(explanation);
    }

    /** Who judged. */
    public Annotator annotator() {
        return annotator;
    }

    /** What was judged; absent when the judge was handed the output itself. */
    public Optional<Target> target() {
        return Optional.ofNullable(target);
    }

    /** When it was judged. */
    public Optional<Instant> at() {
        return Optional.ofNullable(at);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Score that
                && name.equals(that.name)
                && outcome == that.outcome
                && Objects.equals(value, that.value)
                && Objects.equals(label, that.label)
                && Objects.equals(explanation, that.explanation)
                && annotator.equals(that.annotator)
                && Objects.equals(target, that.target)
                && Objects.equals(at, that.at);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, outcome, value, label, annotator, target, at);
    }

    @Override
    public String toString() {
        return "Score[" + name + ", " + outcome + ", value=" + value + ", label=" + label + ", by=" + annotator
                + ", of=" + target + "]";
    }

    /** Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private final String name;
        private final Outcome outcome;
        private final Annotator annotator;
        private @Nullable Double value;
        private @Nullable String label;
        private @Nullable String explanation;
        private @Nullable Target target;
        private @Nullable Instant at;

        private Builder(String name, Outcome outcome, Annotator annotator) {
            this.name = Check.notBlank(name, "name");
            this.outcome = Check.notNull(outcome, "outcome");
            this.annotator = Check.notNull(annotator, "annotator");
        }

        /** How good it is; finite. */
        public Builder value(double value) {
            Check.that(Double.isFinite(value), "value", value, "finite");
            this.value = value;
            return this;
        }

        /** The judgement in a word. */
        public Builder label(String label) {
            this.label = Check.notBlank(label, "label");
            return this;
        }

        /** Why, for people. */
        public Builder explanation(String explanation) {
            this.explanation = Check.notNull(explanation, "explanation");
            return this;
        }

        /** What was judged. */
        public Builder target(Target target) {
            this.target = Check.notNull(target, "target");
            return this;
        }

        /** When it was judged. */
        public Builder at(Instant at) {
            this.at = Check.notNull(at, "at");
            return this;
        }

        /** The score. */
        public Score build() {
            return new Score(this);
        }
    }
}
