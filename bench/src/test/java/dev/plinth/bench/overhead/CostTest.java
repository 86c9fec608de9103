package dev.plinth.bench.overhead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CostTest {

    @Test
    void ratiosAreOfOneAggregate() {
        Cost mean = new Cost(Aggregate.MEAN, 300, 6);
        assertThat(mean.bytesRatio(new Cost(Aggregate.MEAN, 200, 2))).isEqualTo(1.5);
        assertThat(mean.cpuRatio(new Cost(Aggregate.MEAN, 200, 2))).isEqualTo(3);
        Cost best = new Cost(Aggregate.BEST, 200, 2);
        assertThatThrownBy(() -> mean.bytesRatio(best))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("aggregate: BEST (expected: MEAN)");
        assertThatThrownBy(() -> mean.cpuRatio(best)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aggregatesAreWhatTheySay() {
        assertThat(Aggregate.BEST.of(DoubleStream.of(3, 1, 2))).isEqualTo(1);
        assertThat(Aggregate.MEAN.of(DoubleStream.of(3, 1, 2))).isEqualTo(2);
    }

    @Test
    void allClientsOfARunHaveItsAggregate() throws Exception {
        Effort smoke = new Effort(false, 1, Duration.ofMillis(5), 1);
        for (Aggregate aggregate : Aggregate.values()) {
            try (Overhead overhead = Overhead.start(smoke, aggregate)) {
                for (String client : new String[] {"plinth", "traced-batch"}) {
                    assertThat(overhead.cost(Call.CHAT, client).aggregate()).isEqualTo(aggregate);
                }
            }
        }
    }
}
