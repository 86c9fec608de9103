package dev.plinth.rag.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Value;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Terms say what the filter says. */
class FactTermsTest {
    @Provide
    Arbitrary<Value> values() {
        Arbitrary<String> texts = Arbitraries.oneOf(
                Arbitraries.strings()
                        .withChars('\0', 'a', 'x', 'z', '0', '\u0080', '\uD83D', '\uDE00', '\uFFFF')
                        .ofMaxLength(4),
                Arbitraries.integers().between(1_330, 1_336).map(length -> "\uFFFF".repeat(length)),
                Arbitraries.integers().between(3_998, 4_002).map(length -> "a".repeat(length)));
        return Arbitraries.oneOf(
                texts.map(Value::of),
                Arbitraries.longs().map(Value::of),
                Arbitraries.doubles().map(Value::of),
                Arbitraries.of(true, false).map(Value::of),
                texts.set().ofMaxSize(3).map(Value::of));
    }

    @Provide
    Arbitrary<String> fields() {
        return Arbitraries.of("a", "ab", "b", "a\"] OR *:*", "日本", "f".repeat(300), "f".repeat(301));
    }

    @Property
    void conditionsHoldAsTheirTermsDo(
            @ForAll("fields") String field,
            @ForAll("values") Value value,
            @ForAll("fields") String asked,
            @ForAll("values") Value wanted,
            @ForAll Filter.Operator operator) {
        Metadata metadata = Metadata.NONE.with(field, value).with("other", "x");
        Set<String> terms = FactTerms.of(metadata);
        assertThat(terms).allMatch(term -> term.matches("[A-Za-z0-9]{1,8700}"));
        List<Filter> conditions = List.of(
                Filter.eq(asked, wanted),
                Filter.eq(asked, value),
                new Filter.In(asked, List.of(wanted, Value.of("x"))),
                Filter.contains(asked, "a"),
                new Filter.Exists(asked),
                new Filter.Exists(asked).or(Filter.contains(asked, "a").or(Filter.eq("other", "x"))));
        for (Filter condition : conditions) {
            assertThat(FactTerms.anyOf(condition).orElseThrow().stream().anyMatch(terms::contains))
                    .as("%s of %s", condition, metadata)
                    .isEqualTo(condition.matches(metadata));
        }
        boolean ordered = wanted.isNumber() || wanted instanceof Value.Text;
        if (ordered && !(wanted instanceof Value.Text text && SortableBytes.of(text.text()).length > 4_000)) {
            Filter.Compare compare = new Filter.Compare(asked, operator, wanted);
            FactTerms.Range range = FactTerms.between(compare);
            assertThat(terms.stream()
                            .anyMatch(term -> term.compareTo(range.from()) >= 0 && term.compareTo(range.until()) < 0))
                    .as("%s of %s", compare, metadata)
                    .isEqualTo(compare.matches(metadata));
        }
    }

    @Test
    void otherConditionsAreNotOneOfSomeTerms() {
        Filter ordered = Filter.atLeast("year", 2024);
        assertThat(FactTerms.anyOf(Filter.all())).isEmpty();
        assertThat(FactTerms.anyOf(ordered)).isEmpty();
        assertThat(FactTerms.anyOf(Filter.eq("a", "b").or(ordered))).isEmpty();
        assertThat(FactTerms.anyOf(Filter.eq("a", "b").and(Filter.eq("a", "b"))))
                .isEmpty();
        assertThat(FactTerms.anyOf(Filter.eq("a", "b").negate())).isEmpty();
        assertThat(FactTerms.anyOf(Readers.filter(List.of("hr"))))
                .get()
                .satisfies(terms -> assertThat(terms).hasSize(2));
    }

    @Test
    void longTextsAreNotOrderedBy() {
        Filter.Compare compare = new Filter.Compare("a", Filter.Operator.LT, Value.of("a".repeat(4_001)));
        assertThatIllegalArgumentException().isThrownBy(() -> FactTerms.between(compare));
    }
}
