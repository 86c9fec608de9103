package dev.plinth.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinth.api.error.StoreException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LanesTest {
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        other.shutdownNow();
    }

    /** The error comes at any moment of the calls that hand in more work; the limit is for what would never end. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anErrorOfAnotherLaneKeepsNoLane() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            AtomicBoolean first = new AtomicBoolean(true);
            Executor executor = work -> {
                if (first.getAndSet(false)) {
                    other.execute(work);
                } else {
                    work.run();
                }
            };
            Lanes lanes = new Lanes(2, executor);
            CyclicBarrier together = new CyclicBarrier(2);
            lanes.run(() -> {
                meet(together);
                throw new StoreException("store: broken");
            });
            meet(together);
            Throwable thrown = null;
            while (thrown == null) {
                thrown = catchThrowable(() -> lanes.run(() -> {}));
            }
            assertThat(thrown).hasMessage("store: broken");
            lanes.abort(); // returns when all lanes are free
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception exception) {
            throw new IllegalStateException(exception);
        }
    }
}
