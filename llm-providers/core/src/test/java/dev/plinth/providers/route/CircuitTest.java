package dev.plinth.providers.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.testkit.TestTime;
import dev.plinth.providers.route.DeploymentHealth.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class CircuitTest {

    private static final CircuitBreaker SETTINGS =
            new CircuitBreaker(4, 0.5, Duration.ofSeconds(5), Duration.ofSeconds(12));

    /** Something that happens to a circuit. */
    sealed interface Step {
        record Enter() implements Step {}

        /** The call that began that long ago, counted in calls under way, ends. */
        record End(int which, Boolean failure) implements Step {}

        record Cool(int seconds) implements Step {}

        record Pass(int seconds) implements Step {}
    }

    /** The state machine written down a second time, as plainly as possible: lists and seconds. */
    private static final class Model {
        State state = State.CLOSED;
        int now;
        int openUntil;
        int coolUntil;
        int openFor = 5;
        int epoch;
        boolean probing;
        int probingSince;
        final Deque<Boolean> last = new ArrayDeque<>();

        boolean enters() {
            boolean blocked = now < coolUntil || (state == State.OPEN && now < openUntil) || isProbing();
            if (blocked) {
                return false;
            }
            if (state == State.OPEN) {
                to(State.HALF_OPEN);
            }
            probing = state == State.HALF_OPEN;
            probingSince = now;
            return true;
        }

        boolean isProbing() {
            return state == State.HALF_OPEN && probing && now < probingSince + 12;
        }

        int closedFor() {
            int closed = Math.max(coolUntil, state == State.OPEN ? openUntil : 0) - now;
            return Math.max(isProbing() ? 5 : 0, closed);
        }

        void ends(int begunIn, Boolean failure) {
            if (begunIn != epoch) {
                return;
            }
            if (state == State.HALF_OPEN) {
                probing = false;
                if (failure != null && failure) {
                    open();
                } else if (failure != null) {
                    to(State.CLOSED);
                    openFor = 5;
                }
                return;
            }
            if (failure == null) {
                return;
            }
            last.addLast(failure);
            if (last.size() > 4) {
                last.removeFirst();
            }
            if (last.size() == 4 && last.stream().filter(each -> each).count() >= 2) {
                open();
            }
        }

        void open() {
            to(State.OPEN);
            openUntil = now + openFor;
            openFor = Math.min(12, openFor * 2);
        }

        void to(State other) {
            state = other;
            epoch++;
            probing = false;
            last.clear();
        }
    }

    private record Running(Circuit.Permit permit, int epoch) {}

    @Property(tries = 2000)
    void behavesAsTheModelSays(@ForAll("steps") List<Step> steps) {
        TestTime time = TestTime.manual();
        Circuit circuit = new Circuit(SETTINGS, time);
        Model model = new Model();
        List<Running> running = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.Enter) {
                Circuit.Permit permit = circuit.enter();
                assertThat(permit != null).isEqualTo(model.enters());
                if (permit != null) {
                    running.add(new Running(permit, model.epoch));
                }
            } else if (step instanceof Step.End end && !running.isEmpty()) {
                Running ended = running.remove(end.which() % running.size());
                model.ends(ended.epoch(), end.failure());
                if (end.failure() == null) {
                    ended.permit().abandoned();
                } else if (end.failure()) {
                    ended.permit().broke();
                } else {
                    ended.permit().succeeded();
                }
            } else if (step instanceof Step.Cool cool) {
                circuit.cool(Duration.ofSeconds(cool.seconds()));
                model.coolUntil = Math.max(model.coolUntil, model.now + cool.seconds());
            } else if (step instanceof Step.Pass pass) {
                time.advance(Duration.ofSeconds(pass.seconds()));
                model.now += pass.seconds();
            }
            assertThat(circuit.state()).isEqualTo(model.state);
            assertThat(circuit.untilNext()).isEqualTo(Duration.ofSeconds(model.closedFor()));
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> ends = Arbitraries.integers()
                .between(0, 5)
                .flatMap(which -> Arbitraries.of(true, true, false, null).map(failure -> new Step.End(which, failure)));
        Arbitrary<Step> step = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just(new Step.Enter())),
                Tuple.of(6, ends),
                Tuple.of(1, Arbitraries.integers().between(0, 9).map(Step.Cool::new)),
                Tuple.of(3, Arbitraries.integers().between(0, 9).map(Step.Pass::new)));
        return step.list().ofMaxSize(120);
    }

    @Example
    void opensTriesAndCloses() {
        TestTime time = TestTime.manual();
        Circuit circuit = new Circuit(SETTINGS, time);
        for (int i = 0; i < 4; i++) {
            circuit.enter().broke();
        }
        assertThat(circuit.state()).isEqualTo(State.OPEN);
        assertThat(circuit.enter()).isNull();
        time.advance(Duration.ofSeconds(5));
        Circuit.Permit probe = circuit.enter();
        assertThat(probe).isNotNull();
        assertThat(circuit.enter()).as("one probe at a time").isNull();
        probe.broke();
        assertThat(circuit.untilNext()).as("twice as long").isEqualTo(Duration.ofSeconds(10));
        time.advance(Duration.ofSeconds(10));
        circuit.enter().succeeded();
        assertThat(circuit.state()).isEqualTo(State.CLOSED);
    }

    @Example
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CircuitBreaker(0, 0.5, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CircuitBreaker(1, 0, Duration.ofSeconds(1), Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CircuitBreaker(1, 0.5, Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }
}
