package dev.plinth.providers.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class TrafficBudgetTest {

    /** Whoever asks and whenever: never more than the reserve and the share of the calls. */
    @Property
    void neverGivesMoreThanItsShare(
            @ForAll @DoubleRange(max = 1) double share,
            @ForAll @IntRange(max = 50) int reserve,
            @ForAll List<Boolean> callsAndRetries) {
        TrafficBudget budget = new TrafficBudget(share, reserve);
        int calls = 0;
        int taken = 0;
        for (boolean call : callsAndRetries) {
            if (call) {
                budget.called();
                calls++;
            } else if (budget.take()) {
                taken++;
            }
            assertThat(taken).isLessThanOrEqualTo((int) Math.floor(reserve + share * calls + 1e-4));
        }
    }

    @Example
    void inAnOutageRetriesAreAFifthOfTheCalls() {
        TrafficBudget budget = new TrafficBudget(0.2, 20);
        int retries = 0;
        for (int call = 0; call < 10_000; call++) {
            budget.called();
            for (int retry = 0; retry < 2; retry++) {
                retries += budget.take() ? 1 : 0;
            }
        }
        assertThat(retries).isBetween(2000, 2020);
    }

    @Example
    void withoutAReserveItSavesUp() {
        TrafficBudget budget = new TrafficBudget(0.5, 0);
        budget.called();
        assertThat(budget.take()).isFalse();
        budget.called();
        assertThat(budget.take()).isTrue();
        assertThat(budget.take()).isFalse();
    }

    @Example
    void withoutAShareItIsSpentOnce() {
        TrafficBudget budget = new TrafficBudget(0, 1);
        assertThat(budget.take()).isTrue();
        IntStream.range(0, 1000).forEach(call -> budget.called());
        assertThat(budget.take()).isFalse();
    }

    @Example
    void manyThreadsTakeExactlyWhatThereIs() throws Exception {
        TrafficBudget budget = new TrafficBudget(0, 500);
        AtomicInteger taken = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            threads.invokeAll(IntStream.range(0, 2000)
                    .<java.util.concurrent.Callable<Object>>mapToObj(
                            each -> () -> budget.take() ? taken.incrementAndGet() : 0)
                    .toList());
        } finally {
            threads.shutdown();
        }
        assertThat(taken).hasValue(500);
    }

    @Example
    void refusesWhatIsNoBudget() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TrafficBudget(1.1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new TrafficBudget(0.1, -1));
    }
}
