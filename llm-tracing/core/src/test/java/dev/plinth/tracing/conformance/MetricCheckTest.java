package dev.plinth.tracing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.tracing.PlinthAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricCheckTest {

    private static final String INFERENCE = "gen_ai.client.inference.duration";
    private static final String TOKENS = "gen_ai.client.inference.usage.input_tokens";

    private static final Map<String, Registry> VERSIONS =
            Map.of("1.41", Registry.load("1.41"), "genai-0.1", Registry.load("genai-0.1"));
    private static final Registry NEW = VERSIONS.get("genai-0.1");
    private static final List<Double> SECONDS = NEW.metrics().get(INFERENCE).buckets();

    private static final Attributes CHAT = Attributes.builder()
            .put("gen_ai.operation.name", "chat")
            .put("gen_ai.provider.name", "openai")
            .put("gen_ai.request.model", "m")
            .build();

    @ParameterizedTest
    @CsvSource({"1.41, gen_ai.client.operation.duration", "genai-0.1, gen_ai.client.inference.duration"})
    void aGoodHistogramHasNoProblem(String version, String name) {
        Registry registry = VERSIONS.get(version);
        Attributes mine = CHAT.toBuilder()
                .put(PlinthAttributes.USE_CASE, "triage")
                .put("error.type", "timeout")
                .build();
        assertThat(registry.check(seconds(registry, name, SECONDS, mine))).isEmpty();
    }

    @Test
    void tokensAreAHistogramInOneVersionAndCountersInTheOther() {
        Registry old = VERSIONS.get("1.41");
        MetricData histogram = Emitted.metric(
                old.schemaUrl(),
                meter -> meter.histogramBuilder("gen_ai.client.token.usage")
                        .setUnit("{token}")
                        .ofLongs()
                        .setExplicitBucketBoundariesAdvice(List.of(
                                1L, 4L, 16L, 64L, 256L, 1024L, 4096L, 16384L, 65536L, 262144L, 1048576L, 4194304L,
                                16777216L, 67108864L))
                        .build()
                        .record(
                                3,
                                CHAT.toBuilder()
                                        .put("gen_ai.token.type", "input")
                                        .build()));
        assertThat(old.check(histogram)).isEmpty();
        assertThat(NEW.check(histogram))
                .containsExactly("gen_ai.client.token.usage: an earlier name"
                        + " (expected: gen_ai.client.inference.usage.input_tokens)");

        MetricData counter = counted(text());
        assertThat(NEW.check(counter)).isEmpty();
        assertThat(old.check(counter)).containsExactly(TOKENS + ": not in the conventions");
    }

    @Test
    void eachFaultIsOneProblem() {
        assertThat(NEW.check(seconds(NEW, INFERENCE, List.of(1.0, 2.0), CHAT)))
                .containsExactly("buckets: [1.0, 2.0] (expected: " + SECONDS + ")");
        assertThat(NEW.check(emitted(meter -> meter.histogramBuilder(INFERENCE)
                        .setUnit("ms")
                        .setExplicitBucketBoundariesAdvice(SECONDS)
                        .build()
                        .record(1, CHAT))))
                .containsExactly("unit: ms (expected: s)");
        assertThat(NEW.check(emitted(meter ->
                        meter.counterBuilder(INFERENCE).setUnit("s").build().add(1, CHAT))))
                .containsExactly("instrument: LONG_SUM (expected: histogram of double)");
        assertThat(NEW.check(emitted(meter -> meter.upDownCounterBuilder(TOKENS)
                        .setUnit("{token}")
                        .build()
                        .add(1, text()))))
                .containsExactly("instrument: LONG_SUM (expected: counter of int)");
        assertThat(NEW.check(emitted(meter -> meter.counterBuilder(TOKENS)
                        .ofDoubles()
                        .setUnit("{token}")
                        .build()
                        .add(1, text()))))
                .containsExactly("instrument: DOUBLE_SUM (expected: counter of int)");
        assertThat(NEW.check(counted(CHAT))).containsExactly("gen_ai.token.modality: missing (expected: required)");
        assertThat(NEW.check(seconds(VERSIONS.get("1.41"), INFERENCE, SECONDS, CHAT)))
                .containsExactly("schema URL: https://opentelemetry.io/schemas/1.41.0"
                        + " (expected: https://opentelemetry.io/schemas/gen-ai/0.1.0)");
    }

    @Test
    void attributesWithoutBoundsAreRefused() {
        assertThat(NEW.check(duration("gen_ai.response.id", "r-1")))
                .containsExactly("gen_ai.response.id: not an attribute of " + INFERENCE);
        assertThat(NEW.check(duration("plinth.interaction.id", "i-1")))
                .containsExactly("plinth.interaction.id: without bounds on a metric");
        Attributes counted =
                CHAT.toBuilder().put(PlinthAttributes.ATTEMPT_NUMBER, 2L).build();
        assertThat(NEW.check(seconds(NEW, INFERENCE, SECONDS, counted)))
                .containsExactly("plinth.attempt.number: without bounds on a metric");
    }

    @Test
    void onesOwnMetricsAreHeldOnlyToTheirAttributes() {
        assertThat(NEW.check(own(CHAT))).isEmpty();
        assertThat(NEW.check(own(CHAT.toBuilder()
                        .put("gen_ai.conversation.id", "s")
                        .put("user.id", "u")
                        .build())))
                .containsExactly("user.id: not in the conventions");
    }

    @Test
    void aMetricOfAnotherOperationIsRefused() {
        Attributes embeddings =
                CHAT.toBuilder().put("gen_ai.operation.name", "embeddings").build();
        assertThat(NEW.check(seconds(NEW, INFERENCE, SECONDS, embeddings)))
                .containsExactly("gen_ai.operation.name: embeddings (expected: another metric for it)");
        assertThat(NEW.check(seconds(NEW, "gen_ai.client.operation.duration", SECONDS, CHAT)))
                .containsExactly("gen_ai.operation.name: chat (expected: another metric for it)");
    }

    private static MetricData duration(String key, String value) {
        return seconds(NEW, INFERENCE, SECONDS, CHAT.toBuilder().put(key, value).build());
    }

    private static Attributes text() {
        return CHAT.toBuilder().put("gen_ai.token.modality", "text").build();
    }

    private static MetricData counted(Attributes attributes) {
        return emitted(
                meter -> meter.counterBuilder(TOKENS).setUnit("{token}").build().add(3, attributes));
    }

    private static MetricData own(Attributes attributes) {
        return emitted(meter -> meter.gaugeBuilder("plinth.cost").build().set(1, attributes));
    }

    private static MetricData emitted(Consumer<Meter> measure) {
        return Emitted.metric(NEW.schemaUrl(), measure);
    }

    private static MetricData seconds(Registry registry, String name, List<Double> buckets, Attributes attributes) {
        return Emitted.metric(
                registry.schemaUrl(),
                meter -> meter.histogramBuilder(name)
                        .setUnit("s")
                        .setExplicitBucketBoundariesAdvice(buckets)
                        .build()
                        .record(0.5, attributes));
    }
}
