package dev.plinth.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Cost is counted where it was paid, and what is not known is counted apart. */
class CostMetricsTest {

    private final Recording recording = new Recording();

    @Test
    void eachTryIsPaidToWhoServedIt() {
        Attempt failed = attempt("openai", "gpt", "overloaded", Usage.of(90, 5), usd("0.2"));
        Attempt answered = attempt("anthropic", "claude", null, Usage.of(100, 20), usd("0.3"));

        call(ChatResponse.of("hi").toBuilder()
                .provider("anthropic")
                .model("claude-2026")
                .usage(Usage.of(190, 25))
                .cost(usd("0.5"))
                .attempts(List.of(failed, answered))
                .build());

        assertThat(costs()).containsOnly(Map.entry("anthropic/claude-2026", 0.3), Map.entry("openai/gpt", 0.2));
        assertThat(unknown()).isZero();
    }

    @Test
    void triesThatAreNotAllThereWasAreNotTakenForIt() {
        Attempt failed = attempt("openai", "gpt", "overloaded", Usage.of(90, 5), usd("0.2"));
        Attempt answered = attempt("anthropic", "claude", null, Usage.of(100, 20), usd("0.3"));

        call(ChatResponse.of("hi").toBuilder()
                .model("claude-2026")
                .usage(Usage.of(500, 25))
                .cost(usd("0.9"))
                .attempts(List.of(failed, answered))
                .build());

        assertThat(costs()).containsOnly(Map.entry("fake/claude-2026", 0.9));
    }

    @Test
    void aFailedCallHasTheCostOfItsTries() {
        Attempt paid = attempt("openai", "gpt", "overloaded", Usage.of(90, 5), usd("0.2"));

        fail(new OverloadedException("busy").setPartial("", Usage.of(90, 5)).setAttempts(List.of(paid)));

        assertThat(costs()).containsOnly(Map.entry("openai/gpt", 0.2));
        assertThat(unknown()).isZero();
        assertThat(recording.named("chat m").getAttributes().get(PlinthAttributes.COST_AMOUNT))
                .isEqualTo(0.2);
    }

    @Test
    void aCallThatWasTurnedAwayCostsNothing() {
        Attempt refused = attempt("openai", "gpt", "rate_limited", Usage.NONE, null);

        fail(new OverloadedException("busy").setPartial("", Usage.NONE).setAttempts(List.of(refused, refused)));

        assertThat(costs()).isEmpty();
        assertThat(unknown()).isZero();
    }

    @Test
    void whatAFailedCallUsedBesideItsTriesIsNotKnown() {
        Attempt paid = attempt("openai", "gpt", "overloaded", Usage.of(90, 5), usd("0.2"));

        fail(new OverloadedException("busy").setPartial("", Usage.of(500, 5)).setAttempts(List.of(paid)));

        assertThat(costs()).containsOnly(Map.entry("openai/gpt", 0.2));
        assertThat(unknown()).isEqualTo(1);
        assertThat(recording.named("chat m").getAttributes().get(PlinthAttributes.COST_AMOUNT))
                .isNull();
    }

    @Test
    void whatACallUsedThatWasInterruptedIsKnownByItsTries() {
        Attempt paid = attempt("openai", "gpt", "overloaded", Usage.of(90, 5), usd("0.2"));

        fail(new CancelledException("thread: interrupted")
                .setPartial("", Usage.of(90, 5))
                .setAttempts(List.of(paid)));

        assertThat(costs()).containsOnly(Map.entry("openai/gpt", 0.2));
        assertThat(recording.named("chat m").getAttributes().asMap())
                .containsEntry(PlinthAttributes.CANCELLED, true)
                .containsEntry(PlinthAttributes.COST_AMOUNT, 0.2)
                .doesNotContainKey(GenAi.ERROR_TYPE);
    }

    @Test
    void whatAClosedStreamUsedIsNotKnown() {
        recording.layer().around(new FakeChat("m", request -> ChatResponse.of("hello"))).stream(ChatRequest.of("hi"))
                .close();

        assertThat(unknown()).isEqualTo(1);
    }

    private void call(ChatResponse response) {
        recording.layer().around(new FakeChat("m", request -> response)).chat(ChatRequest.of("hi"));
    }

    private void fail(LlmException failure) {
        ChatModel model = recording.layer().around(new FakeChat("m", request -> {
            throw failure;
        }));
        assertThatThrownBy(() -> model.chat(ChatRequest.of("hi"))).isSameAs(failure);
    }

    /** By provider and model. */
    private Map<String, Double> costs() {
        Map<String, Double> costs = new TreeMap<>();
        for (MetricData metric : recording.metrics.collectAllMetrics()) {
            if (metric.getName().equals("plinth.client.cost")) {
                metric.getDoubleSumData()
                        .getPoints()
                        .forEach(point -> costs.merge(
                                point.getAttributes().get(GenAi.PROVIDER_NAME) + "/"
                                        + point.getAttributes().get(GenAi.RESPONSE_MODEL),
                                point.getValue(),
                                Double::sum));
            }
        }
        return costs;
    }

    private long unknown() {
        return recording.metrics.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals("plinth.client.cost.unknown"))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .mapToLong(point -> point.getValue())
                .sum();
    }

    private static Attempt attempt(String provider, String model, String error, Usage usage, Cost cost) {
        return new Attempt(null, provider, model, "first", TestTime.START, Duration.ZERO, error, usage, cost);
    }

    private static Cost usd(String amount) {
        return new Cost(new BigDecimal(amount), Currency.getInstance("USD"), LocalDate.of(2026, 11, 1));
    }
}
