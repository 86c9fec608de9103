package dev.plinth.api.feedback;

import dev.plinth.api.check.Check;
import dev.plinth.api.score.Score;
import dev.plinth.api.score.Target;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody said or did about an output.
 *
 * <p>Immutable and thread-safe.
 */
public final class Feedback {

    /** What was done. */
    public enum Kind {
        /** A thumb up or down. */
        THUMB,
        /** A number on a scale. */
        RATING,
        /** The output was changed and the change kept. */
        EDIT,
        /** Words about the output. */
        COMMENT,
        /** The output was copied. */
        COPY,
        /** The output was asked for again. */
        RETRY
    }

    private final String id;
    private final Kind kind;
    private final Target target;
    private final Score score;
    private final @Nullable String original;
    private final @Nullable String edited;
    private final @Nullable String comment;

    private Feedback(Builder builder, Target target) {
        this.id = builder.id;
        this.kind = builder.kind;
        this.target = target;
        this.score = builder.score;
        this.original = builder.original;
        this.edited = builder.edited;
        this.comment = builder.comment;
    }

    /**
     * A builder.
     *
     * @param id chosen by the sender; the same id arriving twice is stored once
     * @param score the judgement, with its target and its time
     */
    public static Builder builder(String id, Kind kind, Score score) {
        return new Builder(id, kind, score);
    }

    /** Chosen by the sender. */
    public String id() {
        return id;
    }

    /** What was done. */
    public Kind kind() {
        return kind;
    }

    /** About what. */
    public Target target() {
        return target;
    }

    /** The judgement; its annotator is who gave the feedback. */
    public Score score() {
        return score;
    }

    /** The output before the edit. */
    public Optional<String> original() {
        return Optional.ofNullable(original);
    }

    /** The output after the edit. */
    public Optional<String> edited() {
        return Optional.ofNullable(edited);
    }

    /** What was said. */
    public Optional<String> comment() {
        return Optional.ofNullable(comment);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Feedback that
                && id.equals(that.id)
                && kind == that.kind
                && score.equals(that.score)
                && Objects.equals(original, that.original)
                && Objects.equals(edited, that.edited)
                && Objects.equals(comment, that.comment);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, kind, score, original, edited, comment);
    }

    /** Names the facts, without what users wrote. */
    @Override
    public String toString() {
        return "Feedback[" + id + ", " + kind + ", " + target + ", " + score.outcome() + "]";
    }

    /** Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private final String id;
        private final Kind kind;
        private final Score score;
        private @Nullable String original;
        private @Nullable String edited;
        private @Nullable String comment;

        private Builder(String id, Kind kind, Score score) {
            this.id = Check.notBlank(id, "id");
            this.kind = Check.notNull(kind, "kind");
            this.score = Check.notNull(score, "score");
        }

        /** The output before and after the edit. */
        public Builder edit(String original, String edited) {
            this.original = Check.notNull(original, "original");
            this.edited = Check.notNull(edited, "edited");
            return this;
        }

        /** What was said. */
        public Builder comment(String comment) {
            this.comment = Check.notBlank(comment, "comment");
            return this;
        }

        /**
         * The feedback.
         *
         * @throws IllegalArgumentException if the score has no target or no time, or an edit no texts
         */
        public Feedback build() {
            Target target = Check.notNull(score.target().orElse(null), "score.target");
            Check.that(score.at().isPresent(), "score.at", score.at(), "present");
            Check.that((kind == Kind.EDIT) == (edited != null), "edit", kind, "texts exactly for an EDIT");
            return new Feedback(this, target);
        }
    }
}
