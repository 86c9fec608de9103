package dev.plinth.providers.onnx;

import dev.plinth.api.check.Check;

/**
 * How a cross-encoder wants to be used, as its model card says: a model that reads query and document together and
 * puts out how well they fit.
 *
 * <p>Defaults: 512 tokens, one separator, the sigmoid as score.
 *
 * <p>Immutable and thread-safe.
 */
public final class CrossEncoderProfile {

    private final String name;
    private final int maxTokens;
    private final int separators;
    private final boolean sigmoid;

    private CrossEncoderProfile(Builder builder) {
        this.name = builder.name;
        this.maxTokens = builder.maxTokens;
        this.separators = builder.separators;
        this.sigmoid = builder.sigmoid;
    }

    /** A profile with the defaults, right for most of the BERT family. */
    public static CrossEncoderProfile of(String name) {
        return builder(name).build();
    }

    /**
     * A builder with the defaults.
     *
     * @param name of the model, such as {@code ms-marco-MiniLM-L6-v2}
     */
    public static Builder builder(String name) {
        return new Builder(Check.notBlank(name, "name"));
    }

    /** The model's name, without its version. */
    public String name() {
        return name;
    }

    /** The most tokens of a query and a document together, marks included. */
    public int maxTokens() {
        return maxTokens;
    }

    /** How many end marks stand between query and document. */
    public int separators() {
        return separators;
    }

    /** Whether a score is the sigmoid of what the model puts out. */
    public boolean sigmoid() {
        return sigmoid;
    }

    // Everything that changes a score, in a fixed order: part of the model's version.
    String canonical() {
        return String.join(
                "\u0000", Integer.toString(maxTokens), Integer.toString(separators), Boolean.toString(sigmoid));
    }

    @Override
    public String toString() {
        return "CrossEncoderProfile[" + name + ", maxTokens=" + maxTokens + ", separators=" + separators + ", sigmoid="
                + sigmoid + "]";
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String name;
        private int maxTokens = 512;
        private int separators = 1;
        private boolean sigmoid = true;

        private Builder(String name) {
            this.name = name;
        }

        /** The most tokens of a query and a document together, marks included; at least 8. */
        public Builder maxTokens(int tokens) {
            Check.that(tokens >= 8, "maxTokens", tokens, ">= 8");
            this.maxTokens = tokens;
            return this;
        }

        /**
         * How many end marks stand between query and document: 1 in the BERT family, 2 for RoBERTa and XLM-RoBERTa, such
         * as bge-reranker-base (which also need a {@link OnnxReranker.Builder#tokenizer tokenizer} of your own).
         */
        public Builder separators(int marks) {
            Check.that(marks == 1 || marks == 2, "separators", marks, "1 or 2");
            this.separators = marks;
            return this;
        }

        /**
         * Whether a score is the sigmoid, from 0 to 1 and for many models the probability that the document fits, or
         * the number that the model itself puts out, without bounds. The order is the same.
         */
        public Builder sigmoid(boolean sigmoid) {
            this.sigmoid = sigmoid;
            return this;
        }

        /** The profile. */
        public CrossEncoderProfile build() {
            return new CrossEncoderProfile(this);
        }
    }
}
