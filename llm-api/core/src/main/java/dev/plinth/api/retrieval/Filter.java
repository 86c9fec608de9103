package dev.plinth.api.retrieval;

import dev.plinth.api.check.Check;
import java.util.List;
import java.util.Optional;

/**
 * A condition on {@link Metadata}. Stores translate it into their own query language, with parameters, never by
 * pasting texts together; {@link #matches} is what it means.
 *
 * <p>The logic has two values. A comparison with a field that is not there, or with a value of another type, is false;
 * {@link Not} turns that into true. Texts are ordered by their UTF-16 code units, without regard to language.
 *
 * <pre>{@code
 * Filter filter = Filter.eq("team", "support").and(Filter.atLeast("year", 2024));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Filter {

    /** Whether these facts meet the condition. */
    boolean matches(Metadata metadata);

    /** Matches everything. */
    record All() implements Filter {
        @Override
        public boolean matches(Metadata metadata) {
            return true;
        }
    }

    /** How a field is compared with a value. Only {@code EQ} takes flags and sets. */
    enum Operator {
        EQ,
        LT,
        LE,
        GT,
        GE
    }

    /**
     * Compares a field with a value.
     *
     * @param field name
     * @param operator how
     * @param value with what
     */
    record Compare(String field, Operator operator, Value value) implements Filter {
        public Compare {
            Check.notBlank(field, "field");
            Check.notNull(operator, "operator");
            Check.notNull(value, "value");
            boolean ordered = value.isNumber() || value instanceof Value.Text;
            Check.that(operator == Operator.EQ || ordered, "value", value, "a number or a text for " + operator);
        }

        @Override
        public boolean matches(Metadata metadata) {
            Optional<Value> actual = metadata.get(field);
            if (actual.isEmpty()) {
                return false;
            }
            if (operator == Operator.EQ) {
                return actual.get().sameAs(value);
            }
            Optional<Integer> order = order(actual.get(), value);
            return order.isPresent() && holds(order.get());
        }

        private static Optional<Integer> order(Value one, Value other) {
            if (one.isNumber() && other.isNumber()) {
                return Optional.of(one.exact().compareTo(other.exact()));
            }
            if (one instanceof Value.Text text && other instanceof Value.Text than) {
                return Optional.of(text.text().compareTo(than.text()));
            }
            return Optional.empty();
        }

        private boolean holds(int order) {
            return switch (operator) {
                case EQ -> order == 0;
                case LT -> order < 0;
                case LE -> order <= 0;
                case GT -> order > 0;
                case GE -> order >= 0;
            };
        }
    }

    /**
     * The field has one of these values.
     *
     * @param field name
     * @param values at least one
     */
    record In(String field, List<Value> values) implements Filter {
        public In {
            Check.notBlank(field, "field");
            values = List.copyOf(Check.notEmpty(values, "values"));
        }

        @Override
        public boolean matches(Metadata metadata) {
            Optional<Value> actual = metadata.get(field);
            return actual.isPresent() && values.stream().anyMatch(actual.get()::sameAs);
        }
    }

    /**
     * The field is a set of texts that holds this one.
     *
     * @param field name
     * @param text the element
     */
    record Contains(String field, String text) implements Filter {
        public Contains {
            Check.notBlank(field, "field");
            Check.notNull(text, "text");
        }

        @Override
        public boolean matches(Metadata metadata) {
            return metadata.get(field).orElse(null) instanceof Value.Texts set
                    && set.texts().contains(text);
        }
    }

    /**
     * The field is there, whatever its value.
     *
     * @param field name
     */
    record Exists(String field) implements Filter {
        public Exists {
            Check.notBlank(field, "field");
        }

        @Override
        public boolean matches(Metadata metadata) {
            return metadata.get(field).isPresent();
        }
    }

    /**
     * All conditions are met.
     *
     * @param filters at least one
     */
    record And(List<Filter> filters) implements Filter {
        public And {
            filters = List.copyOf(Check.notEmpty(filters, "filters"));
        }

        @Override
        public boolean matches(Metadata metadata) {
            return filters.stream().allMatch(filter -> filter.matches(metadata));
        }
    }

    /**
     * At least one condition is met.
     *
     * @param filters at least one
     */
    record Or(List<Filter> filters) implements Filter {
        public Or {
            filters = List.copyOf(Check.notEmpty(filters, "filters"));
        }

        @Override
        public boolean matches(Metadata metadata) {
            return filters.stream().anyMatch(filter -> filter.matches(metadata));
        }
    }

    /**
     * The condition is not met.
     *
     * @param filter the condition
     */
    record Not(Filter filter) implements Filter {
        public Not {
            Check.notNull(filter, "filter");
        }

        @Override
        public boolean matches(Metadata metadata) {
            return !filter.matches(metadata);
        }
    }

    /** Matches everything. */
    static Filter all() {
        return new All();
    }

    /** The field has this text. */
    static Filter eq(String field, String text) {
        return new Compare(field, Operator.EQ, Value.of(text));
    }

    /** The field has this value. */
    static Filter eq(String field, Value value) {
        return new Compare(field, Operator.EQ, value);
    }

    /** The field is a number of at least this. */
    static Filter atLeast(String field, long number) {
        return new Compare(field, Operator.GE, Value.of(number));
    }

    /** The field is a number of at most this. */
    static Filter atMost(String field, long number) {
        return new Compare(field, Operator.LE, Value.of(number));
    }

    /** The field has one of these texts. */
    static Filter in(String field, String... texts) {
        return new In(field, List.of(texts).stream().map(Value::of).toList());
    }

    /** The field is a set of texts that holds this one. */
    static Filter contains(String field, String text) {
        return new Contains(field, text);
    }

    /** This condition and the other. */
    default Filter and(Filter other) {
        return new And(List.of(this, other));
    }

    /** This condition or the other. */
    default Filter or(Filter other) {
        return new Or(List.of(this, other));
    }

    /** The opposite of this condition. */
    default Filter negate() {
        return new Not(this);
    }
}
