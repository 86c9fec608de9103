package dev.plinth.api.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.plinth.api.fake.FakeTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final FakeTime time = new FakeTime(); // about to wrap around

    @Test
    void passesWhenItsTimeHasCome() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(2));
        time.advance(Duration.ofMillis(1999));
        assertThat(deadline.expired()).isFalse();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(1));
        time.advance(Duration.ofMillis(1));
        assertThat(deadline.expired()).isTrue();
        time.advance(Duration.ofDays(1));
        assertThat(deadline.remaining()).isZero();
    }

    @Test
    void capsLimits() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
        assertThat(deadline.cap(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(deadline.cap(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void takesAnySpan() {
        Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), time);
        assertThat(deadline.expired()).isFalse();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofDays(36_500));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadline.after(Duration.ZERO, time))
                .withMessage("span: PT0S (expected: > 0)");
    }

    @Test
    void machineClockWorks() throws Exception {
        TimeSource system = TimeSource.system();
        long before = system.nanos();
        system.sleep(Duration.ofNanos(1));
        system.sleep(Duration.ZERO);
        system.sleep(Duration.ofSeconds(-1));
        assertThat(system.nanos() - before).isPositive();
        assertThat(system.now()).isAfter("2025-01-01T00:00:00Z");
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> system.sleep(Duration.ofDays(1)));
    }

    @Test
    void earlierIsTheOneThatLeavesLessTimeWhateverItsClock() {
        FakeTime other = new FakeTime();
        Deadline here = Deadline.after(Duration.ofSeconds(2), time);
        Deadline there = Deadline.after(Duration.ofSeconds(3), other);
        assertThat(here.earlier(there)).isSameAs(here);
        assertThat(there.earlier(here)).isSameAs(here);
        assertThat(here.earlier(here)).isSameAs(here);
        other.advance(Duration.ofSeconds(2));
        assertThat(here.earlier(there)).isSameAs(there);
        assertThat(there.earlier(here)).isSameAs(there);
    }

    @Test
    void waitsForALatchUntilItsTimeHasCome() throws Exception {
        CountDownLatch open = new CountDownLatch(0);
        CountDownLatch shut = new CountDownLatch(1);
        Deadline passed = Deadline.after(Duration.ofSeconds(2), time);
        time.advance(Duration.ofSeconds(2));
        assertThat(passed.await(open)).isTrue();
        assertThat(passed.await(shut)).isFalse();
        assertThat(Deadline.after(Duration.ofNanos(1), time).await(shut)).isFalse();
        Deadline far = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), time);
        Thread opener = new Thread(shut::countDown);
        opener.start();
        assertThat(far.await(shut)).isTrue();
        opener.join();
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> far.await(new CountDownLatch(1)));
    }
}
