package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.math.BigDecimal;
import java.util.Set;
import java.util.TreeSet;

/** A value of {@link Metadata}. Immutable and thread-safe. */
public sealed interface Value {

    /**
     * Text.
     *
     * @param text may be empty
     */
    record Text(String text) implements Value {
        public Text {
            Check.notNull(text, "text");
        }
    }

    /**
     * A whole number, kept exactly.
     *
     * @param number any
     */
    record Whole(long number) implements Value {}

    /**
     * A number with a fraction.
     *
     * @param number finite
     */
    record Decimal(double number) implements Value {
        public Decimal {
            Check.that(Double.isFinite(number), "number", number, "finite");
        }
    }

    /**
     * Yes or no.
     *
     * @param on which
     */
    record Flag(boolean on) implements Value {}

    /**
     * A set of texts, such as tags or the groups that may read.
     *
     * @param texts without order
     */
    record Texts(Set<String> texts) implements Value {
        public Texts {
            texts = Set.copyOf(Check.notNull(texts, "texts"));
        }

        @Override
        public String toString() {
            return "Texts" + new TreeSet<>(texts);
        }
    }

    /** This text as a value. */
    static Value of(String text) {
        return new Text(text);
    }

    /** This number as a value. */
    static Value of(long number) {
        return new Whole(number);
    }

    /** This number as a value; refuses NaN and the infinities. */
    static Value of(double number) {
        return new Decimal(number);
    }

    /** This flag as a value. */
    static Value of(boolean on) {
        return new Flag(on);
    }

    /** These texts as a value. */
    static Value of(Set<String> texts) {
        return new Texts(texts);
    }

    /** Whether both are the same, a whole number and one with a fraction compared by their exact numbers. */
    default boolean sameAs(Value other) {
        return isNumber() && other.isNumber() ? exact().compareTo(other.exact()) == 0 : equals(other);
    }

    /** Whether this is a number. */
    default boolean isNumber() {
        return this instanceof Whole || this instanceof Decimal;
    }

    /**
     * The exact number.
     *
     * @throws IllegalStateException if this is none
     */
    default BigDecimal exact() {
        if (this instanceof Whole whole) {
            return BigDecimal.valueOf(whole.number());
        }
        if (this instanceof Decimal decimal) {
            return new BigDecimal(decimal.number());
        }
        throw new IllegalStateException("value: " + this + " (expected: a number)");
    }
}
