package dev.plinth.api.tck;

import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a filter means, written down once more, so that a store which asks {@link Filter#matches} itself is also held
 * against something else.
 */
final class FilterOracle {
    private FilterOracle() {}

    static boolean passes(Filter filter, Metadata metadata) {
        if (filter instanceof Filter.Compare compare) {
            return compares(metadata.values().get(compare.field()), compare.operator(), compare.value());
        }
        if (filter instanceof Filter.In in) {
            Value actual = metadata.values().get(in.field());
            for (Value wanted : in.values()) {
                if (compares(actual, Filter.Operator.EQ, wanted)) {
                    return true;
                }
            }
            return false;
        }
        if (filter instanceof Filter.Contains contains) {
            return metadata.values().get(contains.field()) instanceof Value.Texts set
                    && set.texts().stream().anyMatch(contains.text()::equals);
        }
        if (filter instanceof Filter.Exists exists) {
            return metadata.values().containsKey(exists.field());
        }
        return combines(filter, metadata);
    }

    private static boolean combines(Filter filter, Metadata metadata) {
        if (filter instanceof Filter.And and) {
            boolean all = true;
            for (Filter each : and.filters()) {
                all &= passes(each, metadata);
            }
            return all;
        }
        if (filter instanceof Filter.Or or) {
            boolean one = false;
            for (Filter each : or.filters()) {
                one |= passes(each, metadata);
            }
            return one;
        }
        return filter instanceof Filter.Not not ? !passes(not.filter(), metadata) : filter instanceof Filter.All;
    }

    private static boolean compares(@Nullable Value actual, Filter.Operator operator, Value wanted) {
        if (actual == null) {
            return false;
        }
        BigDecimal one = number(actual);
        BigDecimal other = number(wanted);
        if (one != null && other != null) {
            return holds(one.subtract(other).signum(), operator);
        }
        if (actual instanceof Value.Text text && wanted instanceof Value.Text than) {
            return holds(order(text.text(), than.text()), operator);
        }
        if (actual instanceof Value.Flag flag && wanted instanceof Value.Flag same) {
            return operator == Filter.Operator.EQ && flag.on() == same.on();
        }
        return actual instanceof Value.Texts set
                && wanted instanceof Value.Texts same
                && operator == Filter.Operator.EQ
                && set.texts().containsAll(same.texts())
                && same.texts().containsAll(set.texts());
    }

    private static @Nullable BigDecimal number(Value value) {
        if (value instanceof Value.Whole whole) {
            return new BigDecimal(whole.number());
        }
        return value instanceof Value.Decimal decimal ? new BigDecimal(decimal.number()) : null;
    }

    private static int order(String one, String other) {
        for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
            if (one.charAt(i) != other.charAt(i)) {
                return one.charAt(i) < other.charAt(i) ? -1 : 1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    private static boolean holds(int order, Filter.Operator operator) {
        if (order == 0) {
            return operator == Filter.Operator.EQ || operator == Filter.Operator.LE || operator == Filter.Operator.GE;
        }
        return order < 0
                ? operator == Filter.Operator.LT || operator == Filter.Operator.LE
                : operator == Filter.Operator.GT || operator == Filter.Operator.GE;
    }
}
