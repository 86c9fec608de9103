package dev.plinth.evals;

import dev.plinth.api.check.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One question, what is expected of its answer, and how the answer is judged.
 *
 * <p>Immutable and thread-safe.
 */
public final class EvalCase {

    private final String id;
    private final String input;
    private final @Nullable String expected;
    private final Set<String> tags;
    private final Map<String, String> metadata;
    private final List<Evaluator> evaluators;

    private EvalCase(Builder builder) {
        this.id = builder.id;
        this.input = builder.input;
        this.expected = builder.expected;
        this.tags = Collections.unmodifiableSet(new LinkedHashSet<>(builder.tags));
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(builder.metadata));
        this.evaluators = List.copyOf(builder.evaluators);
    }

    /**
     * A builder.
     *
     * @param id names the case in reports; not blank and its own within a suite
     * @param input what is asked; may be empty
     */
    public static Builder builder(String id, String input) {
        return new Builder(id, input);
    }

    /** Names the case. */
    public String id() {
        return id;
    }

    /** What is asked. */
    public String input() {
        return input;
    }

    /** The answer that is known to be right. */
    public Optional<String> expected() {
        return Optional.ofNullable(expected);
    }

    /** What the case can be picked by, in their order. */
    public Set<String> tags() {
        return tags;
    }

    /** Where the case comes from and the like; Plinth does not read it. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** What judges the answer, besides the evaluators of an experiment; may be none. */
    public List<Evaluator> evaluators() {
        return evaluators;
    }

    /** Compares everything but the evaluators, which are code. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EvalCase that
                && id.equals(that.id)
                && input.equals(that.input)
                && Objects.equals(expected, that.expected)
                && tags.equals(that.tags)
                && metadata.equals(that.metadata);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, input, expected);
    }

    @Override
    public String toString() {
        return "EvalCase[" + id + "]";
    }

    /** Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private final String id;
        private final String input;
        private @Nullable String expected;
        private final Set<String> tags = new LinkedHashSet<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final List<Evaluator> evaluators = new ArrayList<>();

        private Builder(String id, String input) {
            this.id = Check.notBlank(id, "id");
            this.input = Check.notNull(input, "input");
        }

        /** The answer that is known to be right; empty when none is to be given. */
        public Builder expected(String expected) {
            this.expected = Check.notNull(expected, "expected");
            return this;
        }

        /** Adds a tag. */
        public Builder tag(String tag) {
            tags.add(Check.notBlank(tag, "tag"));
            return this;
        }

        /** Sets one piece of metadata. */
        public Builder metadata(String key, String value) {
            metadata.put(Check.notBlank(key, "key"), Check.notNull(value, "value"));
            return this;
        }

        /** Adds what judges the answer. */
        public Builder evaluator(Evaluator evaluator) {
            evaluators.add(Check.notNull(evaluator, "evaluator"));
            return this;
        }

        /** The case. */
        public EvalCase build() {
            return new EvalCase(this);
        }
    }
}
