package dev.plinth.providers.onnx;

import dev.plinth.api.check.Check;
import java.util.OptionalInt;

/**
 * How an embedding model wants to be used, as its model card says. A wrong pooling or a missing prefix raises no
 * error, it only makes search worse, so nothing here is guessed from the file.
 *
 * <p>Defaults: {@link Pooling#MEAN}, no prefixes, 512 tokens, normalised.
 *
 * <p>Immutable and thread-safe.
 */
public final class EmbeddingProfile {

    private final String name;
    private final Pooling pooling;
    private final String queryPrefix;
    private final String documentPrefix;
    private final int maxTokens;
    private final boolean normalized;
    private final int dimensions;

    private EmbeddingProfile(Builder builder) {
        this.name = builder.name;
        this.pooling = builder.pooling;
        this.queryPrefix = builder.queryPrefix;
        this.documentPrefix = builder.documentPrefix;
        this.maxTokens = builder.maxTokens;
        this.normalized = builder.normalized;
        this.dimensions = builder.dimensions;
    }

    /**
     * A builder with the defaults.
     *
     * @param name of the model, such as {@code bge-small-en-v1.5}
     */
    public static Builder builder(String name) {
        return new Builder(Check.notBlank(name, "name"));
    }

    /** The model's name, without its version. */
    public String name() {
        return name;
    }

    /** How token vectors become one. */
    public Pooling pooling() {
        return pooling;
    }

    /** What stands before each query; may be empty. */
    public String queryPrefix() {
        return queryPrefix;
    }

    /** What stands before each document; may be empty. */
    public String documentPrefix() {
        return documentPrefix;
    }

    /** The most tokens of one text, prefix and marks included. */
    public int maxTokens() {
        return maxTokens;
    }

    /** Whether vectors are brought to length 1, so that the dot product is the cosine. */
    public boolean normalized() {
        return normalized;
    }

    /** The length of a vector that the file must have; absent: whatever it has. */
    public OptionalInt dimensions() {
        return dimensions == 0 ? OptionalInt.empty() : OptionalInt.of(dimensions);
    }

    // Everything that changes a vector, in a fixed order: part of the model's version.
    String canonical() {
        return String.join(
                "\u0000",
                pooling.name(),
                queryPrefix,
                documentPrefix,
                Integer.toString(maxTokens),
                Boolean.toString(normalized));
    }

    @Override
    public String toString() {
        return "EmbeddingProfile[" + name + ", " + pooling + ", queryPrefix='" + queryPrefix + "', documentPrefix='"
                + documentPrefix + "', maxTokens=" + maxTokens + ", normalized=" + normalized + "]";
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String name;
        private Pooling pooling = Pooling.MEAN;
        private String queryPrefix = "";
        private String documentPrefix = "";
        private int maxTokens = 512;
        private boolean normalized = true;
        private int dimensions;

        private Builder(String name) {
            this.name = name;
        }

        /** How token vectors become one. */
        public Builder pooling(Pooling pooling) {
            this.pooling = Check.notNull(pooling, "pooling");
            return this;
        }

        /** What stands before each query, with the space at its end if there is one. */
        public Builder queryPrefix(String prefix) {
            this.queryPrefix = Check.notNull(prefix, "queryPrefix");
            return this;
        }

        /** What stands before each document, with the space at its end if there is one. */
        public Builder documentPrefix(String prefix) {
            this.documentPrefix = Check.notNull(prefix, "documentPrefix");
            return this;
        }

        /** The most tokens of one text, prefix and marks included; at least 3. */
        public Builder maxTokens(int tokens) {
            Check.that(tokens >= 3, "maxTokens", tokens, ">= 3");
            this.maxTokens = tokens;
            return this;
        }

        /** Whether vectors are brought to length 1. */
        public Builder normalized(boolean normalized) {
            this.normalized = normalized;
            return this;
        }

        /** The length of a vector that the file must have, checked when it is loaded. */
        public Builder dimensions(int dimensions) {
            this.dimensions = Check.positive(dimensions, "dimensions");
            return this;
        }

        /** The profile. */
        public EmbeddingProfile build() {
            return new EmbeddingProfile(this);
        }
    }
}
