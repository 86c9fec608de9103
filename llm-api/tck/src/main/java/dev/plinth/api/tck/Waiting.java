package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.api.error.CancelledException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** One call on a thread of its own, to be interrupted or closed from outside. */
final class Waiting {
    /** How a call ended. */
    record End(@Nullable Throwable thrown, boolean interrupted) {}

    private static final long SETTLE_MILLIS = 200;

    private final FutureTask<End> task;
    private final Thread thread;

    private Waiting(Callable<?> call) {
        this.task = new FutureTask<>(() -> {
            Throwable thrown = null;
            try {
                call.call();
            } catch (Throwable throwable) { // whatever it is, the test judges it
                thrown = throwable;
            }
            return new End(thrown, Thread.currentThread().isInterrupted());
        });
        this.thread = new Thread(task, "contract-caller");
        thread.setDaemon(true);
    }

    static Waiting start(Callable<?> call) {
        Waiting waiting = new Waiting(call);
        waiting.thread.start();
        return waiting;
    }

    /** Starts the call on a thread that is interrupted already. */
    static Waiting startInterrupted(Callable<?> call) {
        return start(() -> {
            Thread.currentThread().interrupt();
            return call.call();
        });
    }

    /**
     * Gives the call a moment to get to where it waits. Not needed for a right result, since an interruption or a close
     * counts at any moment; but it makes sure that the wait itself is tried.
     */
    Waiting settle() throws InterruptedException {
        thread.join(SETTLE_MILLIS);
        return this;
    }

    void interrupt() {
        thread.interrupt();
    }

    End end() throws Exception {
        return Together.get(task);
    }

    /** Waits for the end, which has to be a cancellation that leaves the interrupt flag up. */
    Throwable assertCancelled() throws Exception {
        End end = end();
        assertThat(end.thrown()).isInstanceOf(CancelledException.class);
        assertThat(end.interrupted()).as("interrupt flag of the caller").isTrue();
        return Objects.requireNonNull(end.thrown());
    }
}
