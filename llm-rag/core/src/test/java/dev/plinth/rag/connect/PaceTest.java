package dev.plinth.rag.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.testkit.TestTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final TestTime time = TestTime.autoAdvancing();
    private final Pace pace = new Pace("a site", time);
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    void keepsItsDistanceAtEachPlace() {
        pace.await("a", Duration.ofSeconds(2));
        pace.await("b", Duration.ofSeconds(5));
        pace.await("a", Duration.ofSeconds(3));
        pace.await("a", Duration.ZERO);
        assertThat(time.sleeps().stream().filter(sleep -> !sleep.isZero()).toList())
                .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    @Test
    void whoAsksAloneIsWaitedFor() throws Exception {
        Thread second = new Thread(() -> ask("a", "second"));
        pace.alone("a", Duration.ZERO, () -> {
            startAndSettle(second);
            assertThat(asked).as("while the first is not answered").isEmpty();
            ask("b", "elsewhere");
            return asked.add("first");
        });
        second.join();
        assertThat(asked).containsExactly("elsewhere", "first", "second");
    }

    @Test
    void theWaitEndsWhenItsThreadIsInterrupted() throws Exception {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Thread second = new Thread(() -> thrown.add(catchThrowable(() -> ask("a", "second"))));
        pace.alone("a", Duration.ZERO, () -> {
            startAndSettle(second);
            second.interrupt();
            return join(second);
        });
        assertThat(thrown).singleElement().isInstanceOf(CancelledException.class);
        ask("a", "third");
        assertThat(asked).containsExactly("third");
    }

    private boolean ask(String place, String what) {
        return pace.alone(place, Duration.ZERO, () -> asked.add(what));
    }

    /** Until it waits, or has come to its end. */
    private static void startAndSettle(Thread thread) {
        thread.start();
        while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static boolean join(Thread thread) {
        try {
            thread.join();
            return true;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
