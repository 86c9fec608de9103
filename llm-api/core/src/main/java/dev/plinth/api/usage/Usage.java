package dev.plinth.api.usage;

import dev.plinth.api.check.Check;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The tokens of one call, or of several together. A count that nobody reported is absent, never zero.
 *
 * <p>Input includes what was read from and written to the provider's prompt cache; output includes reasoning. The
 * other counts are parts of these two.
 *
 * <p>Immutable and thread-safe.
 */
public final class Usage {

    /** How far the counts can be trusted. */
    public enum Source {
        /** The provider counted. */
        REPORTED,
        /** Somebody else counted or computed. */
        ESTIMATED,
        /** Nobody counted. */
        UNKNOWN
    }

    /** Nothing is known. */
    public static final Usage UNKNOWN = new Builder().source(Source.UNKNOWN).build();

    /** A call that used nothing, such as an answer out of a cache; also the start of every sum. */
    public static final Usage NONE = builder()
            .input(0)
            .cachedInput(0)
            .cacheWrite(0)
            .longCacheWrite(0)
            .output(0)
            .reasoning(0)
            .build();

    private static final long ABSENT = -1;

    private final long input;
    private final long cachedInput;
    private final long cacheWrite;
    private final long longCacheWrite;
    private final long output;
    private final long reasoning;
    private final Source source;

    private Usage(Builder builder) {
        this.input = builder.input;
        this.cachedInput = builder.cachedInput;
        this.cacheWrite = builder.cacheWrite;
        this.longCacheWrite = builder.longCacheWrite;
        this.output = builder.output;
        this.reasoning = builder.reasoning;
        this.source = builder.source;
    }

    /** What the provider reported, the usual pair. */
    public static Usage of(long input, long output) {
        return builder().input(input).output(output).build();
    }

    /** A builder with all counts absent and the source {@link Source#REPORTED}. */
    public static Builder builder() {
        return new Builder();
    }

    /** All input tokens, cached ones included. */
    public OptionalLong input() {
        return optional(input);
    }

    /** The part of the input that was read from the provider's prompt cache. */
    public OptionalLong cachedInput() {
        return optional(cachedInput);
    }

    /** The part of the input that was written to the provider's prompt cache. */
    public OptionalLong cacheWrite() {
        return optional(cacheWrite);
    }

    /** The part of {@link #cacheWrite()} that is kept for longer than the provider's shortest time, such as an hour. */
    public OptionalLong longCacheWrite() {
        return optional(longCacheWrite);
    }

    /** All output tokens, reasoning included. */
    public OptionalLong output() {
        return optional(output);
    }

    /** The part of the output that was reasoning. */
    public OptionalLong reasoning() {
        return optional(reasoning);
    }

    /** How far the counts can be trusted. */
    public Source source() {
        return source;
    }

    /** Input and output together; absent when one of them is. */
    public OptionalLong total() {
        return optional(sum(input, output));
    }

    /**
     * Both together. A count that is absent in one is absent in the sum, since a part is not the whole; the source is
     * the less trusted one.
     */
    public Usage plus(Usage other) {
        return new Builder()
                .input(sum(input, other.input))
                .cachedInput(sum(cachedInput, other.cachedInput))
                .cacheWrite(sum(cacheWrite, other.cacheWrite))
                .longCacheWrite(sum(longCacheWrite, other.longCacheWrite))
                .output(sum(output, other.output))
                .reasoning(sum(reasoning, other.reasoning))
                .source(source.compareTo(other.source) >= 0 ? source : other.source)
                .build();
    }

    /** A builder that starts with these counts. */
    public Builder toBuilder() {
        return new Builder()
                .input(input)
                .cachedInput(cachedInput)
                .cacheWrite(cacheWrite)
                .longCacheWrite(longCacheWrite)
                .output(output)
                .reasoning(reasoning)
                .source(source);
    }

    private static long sum(long one, long other) {
        return one == ABSENT || other == ABSENT ? ABSENT : Math.addExact(one, other);
    }

    private static OptionalLong optional(long count) {
        return count == ABSENT ? OptionalLong.empty() : OptionalLong.of(count);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Usage that
                && input == that.input
                && cachedInput == that.cachedInput
                && cacheWrite == that.cacheWrite
                && longCacheWrite == that.longCacheWrite
                && output == that.output
                && reasoning == that.reasoning
                && source == that.source;
    }

    @Override
    public int hashCode() {
        return Objects.hash(input, cachedInput, cacheWrite, longCacheWrite, output, reasoning, source);
    }

    @Override
    public String toString() {
        return "Usage[input=" + text(input) + ", cachedInput=" + text(cachedInput) + ", cacheWrite=" + text(cacheWrite)
                + ", longCacheWrite=" + text(longCacheWrite) + ", output=" + text(output) + ", reasoning="
                + text(reasoning) + ", " + source + "]";
    }

    private static String text(long count) {
        return count == ABSENT ? "?" : Long.toString(count);
    }

    /** Not thread-safe. What is not set is absent. */
    public static final class Builder {
        private long input = ABSENT;
        private long cachedInput = ABSENT;
        private long cacheWrite = ABSENT;
        private long longCacheWrite = ABSENT;
        private long output = ABSENT;
        private long reasoning = ABSENT;
        private Source source = Source.REPORTED;

        private Builder() {}

        /** All input tokens, cached ones included; at least 0, or -1 for absent. */
        public Builder input(long tokens) {
            this.input = count(tokens, "input");
            return this;
        }

        /** Tokens read from the provider's prompt cache; at least 0, or -1 for absent. */
        public Builder cachedInput(long tokens) {
            this.cachedInput = count(tokens, "cachedInput");
            return this;
        }

        /** Tokens written to the provider's prompt cache; at least 0, or -1 for absent. */
        public Builder cacheWrite(long tokens) {
            this.cacheWrite = count(tokens, "cacheWrite");
            return this;
        }

        /** The part of the tokens written that is kept for longer; at least 0, or -1 for absent. */
        public Builder longCacheWrite(long tokens) {
            this.longCacheWrite = count(tokens, "longCacheWrite");
            return this;
        }

        /** All output tokens, reasoning included; at least 0, or -1 for absent. */
        public Builder output(long tokens) {
            this.output = count(tokens, "output");
            return this;
        }

        /** Reasoning tokens; at least 0, or -1 for absent. */
        public Builder reasoning(long tokens) {
            this.reasoning = count(tokens, "reasoning");
            return this;
        }

        /** How far the counts can be trusted. */
        public Builder source(Source source) {
            this.source = Check.notNull(source, "source");
            return this;
        }

        /** The usage. */
        public Usage build() {
            return new Usage(this);
        }

        private static long count(long tokens, String name) {
            Check.that(tokens >= ABSENT, name, tokens, ">= 0, or -1 for absent");
            return tokens;
        }
    }
}
