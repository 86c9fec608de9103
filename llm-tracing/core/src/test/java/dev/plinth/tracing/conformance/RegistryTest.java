package dev.plinth.tracing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files agree with themselves. */
class RegistryTest {

    @ParameterizedTest
    @CsvSource({"1.41, 56, 8, 3, 7", "genai-0.1, 77, 10, 3, 20"})
    void everythingWasRead(String version, int attributes, int spans, int events, int metrics) {
        Registry registry = Registry.load(version);
        assertThat(registry.attributes()).hasSize(attributes);
        assertThat(registry.spans()).hasSize(spans);
        assertThat(registry.events()).hasSize(events);
        assertThat(registry.metrics()).hasSize(metrics);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.41", "genai-0.1"})
    void everyNameThatIsUsedIsDefined(String version) {
        Registry registry = Registry.load(version);
        Stream.of(
                        registry.spans().values().stream().map(Registry.SpanType::levels),
                        registry.events().values().stream().map(Registry.EventType::levels),
                        registry.metrics().values().stream().map(Registry.MetricType::levels))
                .flatMap(levels -> levels)
                .forEach(levels -> assertThat(registry.attributes())
                        .containsKeys(levels.byKey().keySet().toArray(String[]::new)));
        Attribute operation = Objects.requireNonNull(registry.attribute("gen_ai.operation.name"));
        registry.spans().values().forEach(type -> {
            assertThat(operation.known()).containsAll(type.operations());
            assertThat(type.sampling()).isSubsetOf(type.levels().byKey().keySet());
        });
        assertThat(registry.attributes())
                .doesNotContainKeys(registry.renamed().keySet().toArray(String[]::new));
        assertThat(registry.attributes().values()).allSatisfy(attribute -> {
            assertThat(attribute.aliases().values()).isSubsetOf(attribute.known());
            assertThat(attribute.aliases().keySet()).noneMatch(attribute.known()::contains);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.41", "genai-0.1"})
    void everySchemaIsThereAndEveryHistogramHasBuckets(String version) {
        Registry registry = Registry.load(version);
        registry.attributes().values().stream()
                .filter(attribute -> attribute.schema() != null)
                .forEach(attribute -> assertThat(registry.schemas().check(attribute.schema(), "7"))
                        .isNotEmpty());
        assertThat(registry.metrics().values()).allSatisfy(type -> {
            assertThat(type.buckets()).isSorted();
            assertThat(type.buckets().isEmpty()).isEqualTo(type.instrument().equals("counter"));
        });
    }

    @Test
    void anUnknownLevelIsRefused() {
        assertThatThrownBy(() -> new Levels(Map.of("a", "sometimes"))).hasMessage("a: sometimes (expected: a level)");
    }
}
