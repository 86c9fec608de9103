package dev.plinth.api.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.retrieval.Filter.Operator;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FilterTest {
    private static final Arbitrary<String> FIELD = Arbitraries.of("a", "b", "c");

    private static Arbitrary<Value> value() {
        Arbitrary<Value> text =
                Arbitraries.of("", "x", "y", "X", "ä", "😀", "\uFFFD").map(Value::of);
        Arbitrary<Value> whole =
                Arbitraries.of(0L, 1L, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE).map(number -> Value.of((long) number));
        Arbitrary<Value> decimal =
                Arbitraries.of(0.0, -0.0, 1.0, 0x1p53, 0x1p63, 0.5).map(number -> Value.of((double) number));
        Arbitrary<Value> flag = Arbitraries.of(true, false).map(on -> Value.of((boolean) on));
        Arbitrary<Value> texts = Arbitraries.of("x", "y", "").set().ofMaxSize(2).map(Value::of);
        return Arbitraries.oneOf(text, whole, decimal, flag, texts);
    }

    @Provide
    Arbitrary<Metadata> metadata() {
        return Arbitraries.maps(FIELD, value()).ofMaxSize(3).map(Metadata::of);
    }

    @Provide
    Arbitrary<Filter> filters() {
        Arbitrary<Filter> equal =
                Combinators.combine(FIELD, value()).as((field, value) -> new Filter.Compare(field, Operator.EQ, value));
        Arbitrary<Value> ordered = value().filter(value -> value.isNumber() || value instanceof Value.Text);
        Arbitrary<Filter> compare = Combinators.combine(FIELD, Arbitraries.of(Operator.class), ordered)
                .as(Filter.Compare::new);
        Arbitrary<Filter> in = Combinators.combine(
                        FIELD, value().list().ofMinSize(1).ofMaxSize(3))
                .as(Filter.In::new);
        Arbitrary<Filter> contains =
                Combinators.combine(FIELD, Arbitraries.of("x", "y", "", "z")).as(Filter.Contains::new);
        Arbitrary<Filter> exists = FIELD.map(Filter.Exists::new);
        Arbitrary<Filter> leaf =
                Arbitraries.oneOf(equal, compare, in, contains, exists, Arbitraries.just(Filter.all()));
        return Arbitraries.recursive(
                () -> leaf,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMinSize(1).ofMaxSize(3).map(Filter.And::new),
                        inner.list().ofMinSize(1).ofMaxSize(3).map(Filter.Or::new),
                        inner.map(Filter.Not::new)),
                0,
                3);
    }

    /** The meaning of a filter, written down a second time. */
    private static boolean oracle(Filter filter, Map<String, Value> facts) {
        if (filter instanceof Filter.And and) {
            return and.filters().stream().filter(each -> oracle(each, facts)).count()
                    == and.filters().size();
        }
        if (filter instanceof Filter.Or or) {
            return or.filters().stream().filter(each -> oracle(each, facts)).count() > 0;
        }
        if (filter instanceof Filter.Not not) {
            return !oracle(not.filter(), facts);
        }
        if (filter instanceof Filter.Exists exists) {
            return facts.containsKey(exists.field());
        }
        if (filter instanceof Filter.Contains contains) {
            return facts.get(contains.field()) instanceof Value.Texts texts
                    && Set.copyOf(texts.texts()).contains(contains.text());
        }
        if (filter instanceof Filter.In in) {
            return in.values().stream().anyMatch(value -> holds(facts.get(in.field()), Operator.EQ, value));
        }
        return filter instanceof Filter.Compare compare
                ? holds(facts.get(compare.field()), compare.operator(), compare.value())
                : filter instanceof Filter.All;
    }

    private static boolean holds(Value actual, Operator operator, Value wanted) {
        Integer order = order(actual, wanted);
        if (order == null) {
            return operator == Operator.EQ && wanted.equals(actual);
        }
        return switch (operator) {
            case EQ -> order == 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
        };
    }

    private static Integer order(Value actual, Value wanted) {
        if (number(actual) != null && number(wanted) != null) {
            return number(actual).subtract(number(wanted)).signum();
        }
        return actual instanceof Value.Text one && wanted instanceof Value.Text other
                ? Integer.valueOf(one.text().compareTo(other.text()))
                : null;
    }

    private static BigDecimal number(Value value) {
        if (value instanceof Value.Whole whole) {
            return new BigDecimal(Long.toString(whole.number()));
        }
        return value instanceof Value.Decimal decimal ? new BigDecimal(decimal.number()) : null;
    }

    @Property(tries = 5000)
    void agreesWithTheOracle(@ForAll("filters") Filter filter, @ForAll("metadata") Metadata metadata) {
        assertThat(filter.matches(metadata)).isEqualTo(oracle(filter, metadata.values()));
    }

    @Property
    void deMorgan(
            @ForAll("filters") Filter one, @ForAll("filters") Filter other, @ForAll("metadata") Metadata metadata) {
        assertThat(one.and(other).negate().matches(metadata))
                .isEqualTo(one.negate().or(other.negate()).matches(metadata));
        assertThat(one.or(other).negate().matches(metadata))
                .isEqualTo(one.negate().and(other.negate()).matches(metadata));
        assertThat(one.negate().negate().matches(metadata)).isEqualTo(one.matches(metadata));
        assertThat(one.or(one.negate()).matches(metadata)).isTrue();
    }

    @Test
    void missingFieldsAndOtherTypesAreFalseAndTheirOppositeTrue() {
        Metadata metadata = Metadata.NONE.with("team", "support").with("year", Value.of(2024));
        for (Filter filter : List.of(
                Filter.eq("absent", "x"),
                Filter.atLeast("absent", 0),
                Filter.atMost("team", 9),
                Filter.eq("year", "2024"),
                Filter.contains("team", "support"),
                Filter.in("absent", "x"))) {
            assertThat(filter.matches(metadata)).as("%s", filter).isFalse();
            assertThat(filter.negate().matches(metadata)).as("not %s", filter).isTrue();
        }
    }

    @Test
    void shortFormsMeanWhatTheySay() {
        Metadata metadata = Metadata.NONE
                .with("team", "support")
                .with("year", Value.of(2024))
                .with("tags", Value.of(Set.of("a", "b")));
        assertThat(Filter.eq("team", "support").matches(metadata)).isTrue();
        assertThat(Filter.eq("year", Value.of(2024.0)).matches(metadata)).isTrue();
        assertThat(Filter.atLeast("year", 2024).matches(metadata)).isTrue();
        assertThat(Filter.atLeast("year", 2025).matches(metadata)).isFalse();
        assertThat(Filter.atMost("year", 2024).matches(metadata)).isTrue();
        assertThat(Filter.atMost("year", 2023).matches(metadata)).isFalse();
        assertThat(Filter.in("team", "sales", "support").matches(metadata)).isTrue();
        assertThat(Filter.contains("tags", "b").matches(metadata)).isTrue();
        assertThat(Filter.contains("tags", "c").matches(metadata)).isFalse();
        assertThat(Filter.all().matches(Metadata.NONE)).isTrue();
    }

    @Test
    void textsAreOrderedByCodeUnits() {
        Metadata metadata = Metadata.NONE.with("name", "😀");
        Filter below = new Filter.Compare("name", Operator.LT, Value.of("\uFFFD"));
        assertThat(below.matches(metadata)).isTrue();
        assertThat(new Filter.Compare("name", Operator.LT, Value.of("Z")).matches(metadata.with("name", "a")))
                .isFalse();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Filter.Compare("a", Operator.LT, Value.of(true)))
                .withMessage("value: Flag[on=true] (expected: a number or a text for LT)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Filter.Compare("a", Operator.GE, Value.of(Set.of("x"))));
        assertThatIllegalArgumentException().isThrownBy(() -> Filter.in("a"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Filter.And(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Filter.Or(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Filter.eq(" ", "x"));
    }
}
