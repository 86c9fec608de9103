package dev.plinth.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ChaosTest {

    /** Threads of a busy machine get their turn late; a call that forgot its deadline would be later by far. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    @Tag("once")
    @Test
    void everyCallEndsAsItShouldWhileServersFail() throws Exception {
        ChaosReport report = new Chaos(10_000, 0.3, 3, 1, 32, Duration.ofSeconds(2), TOLERANCE).run();
        assertThat(report.answered() + report.typedErrors()).isEqualTo(10_000);
        assertThat(report.answered()).isPositive();
        assertThat(report.attempts()).isGreaterThan(report.answered());
        endsAsItShould(report);
    }

    @Test
    void withoutFaultsEverybodyIsAnswered() throws Exception {
        ChaosReport report = new Chaos(200, 0, 2, 1, 4, Duration.ofMinutes(1), TOLERANCE).run();
        assertThat(report.answered()).isEqualTo(200);
        endsAsItShould(report);
    }

    @Test
    void whenAllFailsNobodyIsAnsweredWrongly() throws Exception {
        ChaosReport report = new Chaos(100, 1, 1, 1, 4, Duration.ofMillis(500), TOLERANCE).run();
        assertThat(report.answered() + report.typedErrors()).isEqualTo(100);
        assertThat(report.typedErrors()).isPositive();
        endsAsItShould(report);
    }

    @Test
    void everyCallEndsAsItShouldWhereThereIsLittleRoom() throws Exception {
        ChaosReport report = new Chaos(400, 0.3, 2, 1, 16, Duration.ofSeconds(1), TOLERANCE)
                .withLittleRoom()
                .run();
        assertThat(report.answered() + report.typedErrors()).isEqualTo(400);
        assertThat(report.answered()).isPositive();
        endsAsItShould(report);
    }

    private static void endsAsItShould(ChaosReport report) {
        assertThat(report.errors().keySet()).as("codes of errors").allMatch(code -> code.matches("[a-z_]+"));
        assertThat(report.untypedErrors()).as("untyped errors").isZero();
        assertThat(report.wrong()).as("wrong answers").isZero();
        assertThat(report.late()).as("late calls").isZero();
        assertThat(report.leakedSockets()).as("leaked sockets").isZero();
        assertThat(report.leakedThreads()).as("leaked threads").isZero();
        assertThat(report.miscounted()).as("usage that nobody served").isZero();
        assertThat(report.lost()).as("usage that nobody counted").isZero();
        assertThat(report.unsummed())
                .as("calls that did not use what their attempts used")
                .isZero();
        assertThat(report.mispriced())
                .as("costs that are not those of their tokens")
                .isZero();
    }

    @Test
    void refusesWhatIsNoRun() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chaos(1, 1.5, 1, 1, 1, Duration.ofSeconds(1), TOLERANCE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Chaos(0, 0.5, 1, 1, 1, Duration.ofSeconds(1), TOLERANCE));
    }
}
