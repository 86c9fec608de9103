package dev.plinth.api.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.fake.FakeTime;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchPollingTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Batch RUNNING = Batch.builder("b", Batch.State.RUNNING).build();
    private static final Batch ENDED = Batch.builder("b", Batch.State.ENDED).build();

    private final RecordingTime time = new RecordingTime();
    private final BatchPolling polling = new BatchPolling(time);
    private final List<Batch> told = new ArrayList<>();

    /** A clock that sleeping turns, and that remembers how long was slept. */
    private static final class RecordingTime implements TimeSource {
        final FakeTime fake = new FakeTime();
        final List<Duration> sleeps = new ArrayList<>();

        @Override
        public Instant now() {
            return fake.now();
        }

        @Override
        public long nanos() {
            return fake.nanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            sleeps.add(duration);
            fake.sleep(duration);
        }

        Duration slept() {
            return sleeps.stream().reduce(Duration.ZERO, Duration::plus);
        }
    }

    /** Says these things by turns: batches, and errors to throw. */
    private static Supplier<Batch> says(Object... answers) {
        Iterator<Object> next = Arrays.asList(answers).iterator();
        return () -> {
            Object answer = next.next();
            if (answer instanceof RuntimeException error) {
                throw error;
            }
            return (Batch) answer;
        };
    }

    private static OverloadedException busy(Duration retryAfter) {
        return new OverloadedException(
                "busy", ErrorDetails.builder().retryAfter(retryAfter).build(), null);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Test
    void batchThatIsOverIsNotWaitedFor() {
        Batch failed = Batch.builder("b", Batch.State.FAILED).failure("why").build();
        assertThat(polling.untilOver(says(failed), DAY, told::add)).isSameAs(failed);
        assertThat(told).containsExactly(failed);
        assertThat(time.sleeps).isEmpty();
    }

    @Test
    void everyAnswerIsTold() {
        Batch cancelling = Batch.builder("b", Batch.State.CANCELLING).build();
        Batch last = polling.untilOver(says(RUNNING, cancelling, ENDED), DAY, told::add);
        assertThat(last).isSameAs(ENDED);
        assertThat(told).containsExactly(RUNNING, cancelling, ENDED);
        assertThat(time.sleeps).hasSize(2);
    }

    /** Waits of 2, 3, 4.5 ... 60 seconds, each a fifth more or less. */
    @Property(tries = 50)
    void waitsGrowToAMinute(@ForAll @IntRange(max = 40) int questions) {
        RecordingTime clock = new RecordingTime();
        Object[] answers = new Object[questions + 1];
        Arrays.fill(answers, RUNNING);
        answers[questions] = ENDED;
        new BatchPolling(clock).untilOver(says(answers), DAY, batch -> {});
        assertThat(clock.sleeps).hasSize(questions);
        double wait = 2;
        for (Duration slept : clock.sleeps) {
            assertThat(seconds(slept)).isBetween(wait * 0.8 - 1e-6, wait * 1.2 + 1e-6);
            wait = Math.min(60, wait * 1.5);
        }
    }

    @Test
    void noTwoProcessesWaitAlike() {
        for (int i = 0; i < 20; i++) {
            polling.untilOver(says(RUNNING, ENDED), DAY, told::add);
        }
        assertThat(time.sleeps.stream().distinct().count()).isGreaterThan(1);
    }

    @Test
    void failuresThatPassDoNotEndIt() {
        assertThat(polling.untilOver(says(busy(null), RUNNING, busy(null), ENDED), DAY, told::add))
                .isSameAs(ENDED);
        assertThat(told).containsExactly(RUNNING, ENDED);
    }

    @Test
    void waitThatAnErrorAsksForIsHonoured() {
        polling.untilOver(says(busy(Duration.ofSeconds(90)), busy(Duration.ofMillis(1)), ENDED), DAY, told::add);
        assertThat(time.sleeps.get(0)).isEqualTo(Duration.ofSeconds(90));
        assertThat(seconds(time.sleeps.get(1))).isBetween(2.4, 3.6);
    }

    @Test
    void otherFailuresEndIt() {
        AuthenticationException failure = new AuthenticationException("no", ErrorDetails.NONE, null);
        assertThatThrownBy(() -> polling.untilOver(says(RUNNING, failure), DAY, told::add))
                .isSameAs(failure);
        IllegalStateException bug = new IllegalStateException("bug");
        assertThatThrownBy(() -> polling.untilOver(says(bug), DAY, told::add)).isSameAs(bug);
    }

    /** Whoever listens may fail as he likes: that is no failure of the asking. */
    @Test
    void failureOfTheListenerEndsIt() {
        OverloadedException failure = busy(null);
        assertThatThrownBy(() -> polling.untilOver(says(RUNNING, ENDED), DAY, batch -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void timeIsUpExactlyAtTheLimit() {
        TimedOutException failure = catchThrowableOfType(
                TimedOutException.class, () -> polling.untilOver(() -> RUNNING, Duration.ofMinutes(10), told::add));
        assertThat(failure).hasMessageStartingWith("batch: not over");
        assertThat(time.slept()).isEqualTo(Duration.ofMinutes(10));
        assertThat(told).as("asked once more at the end").hasSize(time.sleeps.size() + 1);
    }

    @Test
    void lastFailureIsTheCause() {
        OverloadedException failure = busy(Duration.ofHours(1));
        assertThatThrownBy(() -> polling.untilOver(says(failure, failure), Duration.ofMinutes(1), told::add))
                .isInstanceOf(TimedOutException.class)
                .hasCause(failure);
        assertThat(time.sleeps).containsExactly(Duration.ofMinutes(1));
    }

    @Property(tries = 200)
    void neverLongerThanTheLimit(
            @ForAll @LongRange(min = 1, max = 1_000_000) long millis,
            @ForAll @Size(max = 20) List<@LongRange(max = 100_000) Long> asked) {
        RecordingTime clock = new RecordingTime();
        Duration limit = Duration.ofMillis(millis);
        Iterator<Long> waits = asked.iterator();
        Supplier<Batch> ask = () -> {
            if (waits.hasNext()) {
                throw busy(Duration.ofMillis(waits.next()));
            }
            return RUNNING;
        };
        assertThatThrownBy(() -> new BatchPolling(clock).untilOver(ask, limit, batch -> {}))
                .isInstanceOf(TimedOutException.class);
        assertThat(clock.slept()).isEqualTo(limit);
        assertThat(clock.sleeps).allMatch(sleep -> !sleep.isNegative() && !sleep.isZero());
    }

    @Test
    void everyQuestionHasTheLimitAsItsDeadline() {
        List<Duration> left = new ArrayList<>();
        Supplier<Batch> ask = () -> {
            left.add(CallContext.current().deadline().orElseThrow().remaining());
            return left.size() < 3 ? RUNNING : ENDED;
        };
        polling.untilOver(ask, Duration.ofMinutes(5), told::add);
        assertThat(left.get(0)).isEqualTo(Duration.ofMinutes(5));
        assertThat(left.get(2)).isEqualTo(Duration.ofMinutes(5).minus(time.slept()));
        assertThat(CallContext.current().deadline()).isEmpty();
    }

    @Test
    void nearerDeadlineOfTheContextHolds() {
        CallContext hurried = CallContext.builder()
                .useCase("u")
                .deadline(Deadline.after(Duration.ofSeconds(7), time))
                .build();
        hurried.run(() -> assertThatThrownBy(() -> polling.untilOver(() -> RUNNING, DAY, told::add))
                .isInstanceOf(TimedOutException.class));
        assertThat(time.slept()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void fartherDeadlineOfTheContextDoesNot() {
        CallContext patient = CallContext.builder()
                .useCase("u")
                .deadline(Deadline.after(DAY, time))
                .build();
        List<CallContext> seen = new ArrayList<>();
        Supplier<Batch> ask = () -> {
            seen.add(CallContext.current());
            return RUNNING;
        };
        patient.run(() -> assertThatThrownBy(() -> polling.untilOver(ask, Duration.ofSeconds(7), told::add))
                .isInstanceOf(TimedOutException.class));
        assertThat(time.slept()).isEqualTo(Duration.ofSeconds(7));
        assertThat(seen).allMatch(context -> context.useCase().orElse("").equals("u"));
    }

    @Test
    void interruptEndsTheWaiting() {
        Supplier<Batch> ask = () -> {
            Thread.currentThread().interrupt();
            return RUNNING;
        };
        assertThatThrownBy(() -> polling.untilOver(ask, DAY, told::add)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).as("flag").isTrue();
    }

    @Test
    void limitMustBePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> polling.untilOver(says(ENDED), Duration.ZERO, told::add))
                .withMessageStartingWith("limit: PT0S");
    }
}
