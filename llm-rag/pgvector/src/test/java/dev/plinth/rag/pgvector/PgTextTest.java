package dev.plinth.rag.pgvector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;

class PgTextTest {

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<Character> units = Arbitraries.oneOf(
                Arbitraries.of('\u0000', '\u0001', '\u0002', '\u001a', '0', '"', '\\', '\ud7ff', '\ud800', '\udbff'),
                Arbitraries.of('\udc00', '\udfff', '\ue000', '\uffff', '\n', ' ', ',', '}'),
                Arbitraries.chars().range('\u0000', '\uffff'));
        return units.array(Character[].class).ofMaxSize(8).map(array -> {
            StringBuilder text = new StringBuilder();
            Arrays.stream(array).forEach(text::append);
            return text.toString();
        });
    }

    @Property
    void bothEncodingsComeBackAndCanBeHeld(@ForAll("texts") String text) {
        assertThat(PgText.unescaped(PgText.escaped(text))).isEqualTo(text);
        assertThat(PgText.unordered(PgText.ordered(text))).isEqualTo(text);
        for (String held : new String[] {PgText.escaped(text), PgText.ordered(text)}) {
            assertThat(held).doesNotContain("\u0000");
            assertThat(new String(held.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(held);
        }
    }

    @Property
    void theOrderOfUtf8IsThatOfUtf16(@ForAll("texts") String one, @ForAll("texts") String other) {
        int order = Arrays.compareUnsigned(
                PgText.ordered(one).getBytes(StandardCharsets.UTF_8),
                PgText.ordered(other).getBytes(StandardCharsets.UTF_8));
        assertThat(Integer.signum(order)).isEqualTo(Integer.signum(one.compareTo(other)));
    }

    @Property
    void ordinaryTextsStayAsTheyAre(@ForAll @AlphaChars String text) {
        assertThat(PgText.escaped(text)).isSameAs(text);
        assertThat(PgText.ordered(text)).isEqualTo(text);
    }

    @Provide
    Arbitrary<Value> values() {
        return Arbitraries.oneOf(
                texts().map(Value::of),
                Arbitraries.longs().map(Value::of),
                Arbitraries.doubles().map(Value::of),
                Arbitraries.of(0.0, -0.0, 5.0, 1e300, -1e-300, Double.MIN_VALUE).map(Value::of),
                Arbitraries.of(true, false).map(Value::of),
                texts().set().ofMaxSize(3).map((Set<String> set) -> Value.of(set)));
    }

    @Property
    void metadataComesBackFromItsJson(
            @ForAll("texts") String field, @ForAll("values") Value one, @ForAll("values") Value other) {
        Metadata metadata = Metadata.of(Map.of("f" + field, one, "g" + field, other));
        assertThat(MetadataJson.read(MetadataJson.of(metadata))).isEqualTo(metadata);
        assertThat(MetadataJson.read(MetadataJson.of(Metadata.NONE))).isEqualTo(Metadata.NONE);
    }
}
