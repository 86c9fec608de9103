package dev.plinth.api.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestTimeTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Future<Object> sleeping(TestTime time, Duration duration) {
        return threads.submit(() -> {
            time.sleep(duration);
            return time.nanos();
        });
    }

    @Test
    void standsStillUntilItIsAdvanced() {
        TestTime time = TestTime.manual();
        long before = time.nanos();
        assertThat(time.now()).isEqualTo(TestTime.START);
        time.advance(Duration.ofMinutes(1));
        assertThat(time.now()).isEqualTo(TestTime.START.plusSeconds(60));
        assertThat(time.nanos() - before).isEqualTo(Duration.ofMinutes(1).toNanos());
        assertThat(before).isNegative();
    }

    @Test
    void wakesThoseWhoseTimeHasCome() throws Exception {
        TestTime time = TestTime.manual();
        Future<Object> shorter = sleeping(time, Duration.ofSeconds(1));
        Future<Object> longer = sleeping(time, Duration.ofSeconds(3));
        time.awaitSleepers(2);
        time.advance(Duration.ofMillis(999));
        assertThat(time.sleepers()).isEqualTo(2);
        time.advance(Duration.ofMillis(1));
        assertThat(shorter.get(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(time.sleepers()).isEqualTo(1);
        assertThat(longer.isDone()).isFalse();
        time.advanceToNextSleeper();
        assertThat(longer.get(30, TimeUnit.SECONDS)).isEqualTo(time.nanos());
        assertThat(time.now()).isEqualTo(TestTime.START.plusSeconds(3));
        assertThat(time.sleeps()).containsExactlyInAnyOrder(Duration.ofSeconds(1), Duration.ofSeconds(3));
    }

    @Test
    void sleepsAreInterruptible() throws Exception {
        TestTime time = TestTime.manual();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread sleeper = new Thread(() -> {
            try {
                time.sleep(Duration.ofDays(1));
            } catch (InterruptedException exception) {
                thrown.complete(exception);
            }
        });
        sleeper.start();
        time.awaitSleepers(1);
        sleeper.interrupt();
        assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        sleeper.join();
        assertThat(time.sleepers()).isZero();
    }

    @Test
    void autoAdvancingMovesByWhatIsSlept() throws Exception {
        TestTime time = TestTime.autoAdvancing();
        time.sleep(Duration.ofHours(2));
        time.sleep(Duration.ZERO);
        time.sleep(Duration.ofSeconds(-1));
        assertThat(time.now()).isEqualTo(TestTime.START.plusSeconds(7200));
        assertThat(time.sleeps()).isEqualTo(List.of(Duration.ofHours(2)));
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> time.sleep(Duration.ofSeconds(1)));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void wallClockMovesWithoutMovingDeadlines() {
        TestTime time = TestTime.manual();
        Deadline deadline = Deadline.after(Duration.ofSeconds(5), time);
        time.setWallClock(TestTime.START.plusSeconds(3600));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(5));
        assertThat(deadline.expired()).isTrue();
        assertThat(time.now()).isEqualTo(TestTime.START.plusSeconds(3605));
    }

    @Test
    void refusesToGoBackAndToWakeNobody() {
        TestTime time = TestTime.manual();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> time.advance(Duration.ofSeconds(-1)))
                .withMessage("duration: PT-1S (expected: >= 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(time::advanceToNextSleeper)
                .withMessage("sleepers: 0 (expected: at least one)");
    }

    @Test
    void awaitOnAStandingClockEndsWhenTheLatchOpensOrTheClockIsThere() throws Exception {
        TestTime time = TestTime.manual();
        CountDownLatch latch = new CountDownLatch(1);
        CompletableFuture<Boolean> opened = CompletableFuture.supplyAsync(() -> await(time, latch));
        time.awaitSleepers(1);
        latch.countDown();
        assertThat(opened.get(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> late = CompletableFuture.supplyAsync(() -> await(time, new CountDownLatch(1)));
        time.awaitSleepers(1);
        time.advance(Duration.ofSeconds(4));
        assertThat(late).isNotDone();
        time.advance(Duration.ofSeconds(1));
        assertThat(late.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(time.sleepers()).isZero();
    }

    @Test
    void awaitOnAClockThatMovesItselfPassesTheLimitAtOnce() throws Exception {
        TestTime time = TestTime.autoAdvancing();
        assertThat(time.await(new CountDownLatch(1), Duration.ofSeconds(5))).isFalse();
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(5));
        assertThat(time.now()).isEqualTo(TestTime.START.plusSeconds(5));
        assertThat(time.await(new CountDownLatch(0), Duration.ofSeconds(5))).isTrue();
        assertThat(time.await(new CountDownLatch(1), Duration.ZERO)).isFalse();
        assertThat(time.sleeps())
                .as("what is open, or only looked at, takes no time")
                .hasSize(1);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> time.await(new CountDownLatch(1), Duration.ofSeconds(1)));
    }

    private static boolean await(TestTime time, CountDownLatch latch) {
        try {
            return time.await(latch, Duration.ofSeconds(5));
        } catch (InterruptedException interruption) {
            throw new IllegalStateException(interruption);
        }
    }
}
