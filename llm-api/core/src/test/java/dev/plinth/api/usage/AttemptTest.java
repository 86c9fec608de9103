package dev.plinth.api.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttemptTest {

    private static final Attempt REFUSED = attempt(Usage.NONE, null);

    private static Attempt attempt(Usage usage, @Nullable Cost cost) {
        return new Attempt(
                null, "openai", "gpt-5", "first attempt", Instant.EPOCH, Duration.ZERO, "overloaded", usage, cost);
    }

    private static Cost cost(int cents, String currency) {
        return new Cost(BigDecimal.valueOf(cents, 2), Currency.getInstance(currency), LocalDate.of(2026, 1, 1));
    }

    @Property
    void whatIsKnownAddsUpInAnyOrder(@ForAll List<@IntRange(min = 0, max = 1000) Integer> cents, @ForAll long seed) {
        List<Attempt> attempts = new ArrayList<>(List.of(REFUSED));
        cents.forEach(each -> attempts.add(attempt(Usage.of(1, 1), cost(each, "EUR"))));
        Collections.shuffle(attempts, new Random(seed));
        int sum = cents.stream().mapToInt(Integer::intValue).sum();
        assertThat(Attempt.totalCost(attempts))
                .isEqualTo(Optional.of(cost(sum, "EUR")).filter(any -> !cents.isEmpty()));
        attempts.add(attempt(Usage.of(1, 1), null));
        Collections.shuffle(attempts, new Random(seed));
        assertThat(Attempt.totalCost(attempts)).isEmpty();
    }

    @Test
    void whatUsedNothingAddsNothing() {
        assertThat(Attempt.totalCost(List.of())).isEmpty();
        assertThat(Attempt.totalCost(List.of(REFUSED))).isEmpty();
        Attempt paid = attempt(Usage.of(1, 1), cost(3, "EUR"));
        assertThat(Attempt.totalCost(List.of(REFUSED, paid))).contains(cost(3, "EUR"));
        assertThat(Attempt.totalCost(List.of(paid, attempt(Usage.UNKNOWN, null))))
                .isEmpty();
        assertThat(Attempt.totalCost(List.of(paid, attempt(Usage.of(1, 1), cost(3, "USD")))))
                .isEmpty();
    }

    @Test
    void togetherTheyAreTheWholeOrSomethingIsLeftOut() {
        Attempt paid = attempt(Usage.of(2, 1), null);
        Attempt unknown = attempt(Usage.UNKNOWN, null);
        assertThat(Attempt.addUp(List.of(REFUSED, paid, paid), Usage.of(4, 2))).isTrue();
        assertThat(Attempt.addUp(List.of(paid), Usage.of(4, 2))).isFalse();
        assertThat(Attempt.leavesOut(List.of(paid), Usage.of(4, 2))).isTrue();
        assertThat(Attempt.leavesOut(List.of(), Usage.UNKNOWN)).isTrue();
        assertThat(Attempt.leavesOut(List.of(), Usage.NONE)).isFalse();
        assertThat(Attempt.leavesOut(List.of(paid, unknown), Usage.of(2, 1)))
                .as("it may be what is not known")
                .isFalse();
    }

    @Test
    void succeededUnlessItHasAnError() {
        assertThat(REFUSED.succeeded()).isFalse();
        assertThat(REFUSED.cancelled()).isFalse();
        Attempt answered =
                new Attempt("eu", "p", "m", "first choice", Instant.EPOCH, Duration.ZERO, null, Usage.NONE, null);
        assertThat(answered.succeeded()).isTrue();
        Attempt priced = answered.withCost(cost(1, "EUR"));
        assertThat(priced.cost()).isEqualTo(cost(1, "EUR"));
        assertThat(priced.withCost(null)).isEqualTo(answered);
    }

    @Test
    void refusesWhatSaysNothing() {
        refused("provider", () -> made(" ", "m", "why", Usage.NONE));
        refused("model", () -> made("p", "", "why", Usage.NONE));
        refused("why", () -> made("p", "m", " ", Usage.NONE));
        refused("usage", () -> made("p", "m", "why", null));
    }

    private static void made(String provider, String model, String why, Usage usage) {
        new Attempt(null, provider, model, why, Instant.EPOCH, Duration.ZERO, null, usage, null);
    }

    private static void refused(String name, ThrowableAssert.ThrowingCallable make) {
        assertThatIllegalArgumentException().isThrownBy(make).withMessageStartingWith(name + ": ");
    }
}
