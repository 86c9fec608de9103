package dev.plinth.providers.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {

    private final Gate gate = new Gate(1, ErrorDetails.NONE);
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        others.shutdownNow();
    }

    @Test
    void closeWaitsForWhoIsInside() throws Exception {
        AtomicBoolean inside = new AtomicBoolean(true);
        AtomicBoolean freedWhileInside = new AtomicBoolean();
        CountDownLatch closing = new CountDownLatch(1);
        gate.enter(null);
        Future<?> close = others.submit(() -> {
            closing.countDown();
            gate.close(() -> freedWhileInside.set(inside.get()));
        });
        closing.await();
        inside.set(false);
        gate.leave();
        close.get();
        assertThat(freedWhileInside).isFalse();
    }

    @Test
    void whoWaitsWhenItClosesIsCancelled() throws Exception {
        gate.enter(null);
        CompletableFuture<Throwable> waiting = new CompletableFuture<>();
        others.submit(() -> {
            try {
                gate.enter(null);
            } catch (CancelledException e) {
                waiting.complete(e);
            }
        });
        Future<?> close = others.submit(() -> gate.close(() -> {}));
        while (!refuses()) {
            Thread.onSpinWait();
        }
        gate.leave();
        close.get();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).hasMessage("model: closed (expected: open)");
    }

    @Test
    void freesOnce() {
        AtomicInteger freed = new AtomicInteger();
        gate.close(freed::incrementAndGet);
        gate.close(freed::incrementAndGet);
        assertThat(freed).hasValue(1);
    }

    @Test
    void theDeadlineLimitsTheWait() {
        gate.enter(null);
        assertThatThrownBy(() -> gate.enter(Deadline.after(Duration.ofMillis(1))))
                .isInstanceOf(TimedOutException.class);
    }

    @Test
    void anInterruptedWaitIsCancelledAndTheFlagStays() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> gate.enter(null)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private boolean refuses() {
        try {
            gate.check(null);
            return false;
        } catch (CancelledException e) {
            return true;
        }
    }
}
