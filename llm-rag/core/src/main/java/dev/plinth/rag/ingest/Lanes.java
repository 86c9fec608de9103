package dev.plinth.rag.ingest;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs work side by side, so much at once and no more: who hands in more waits, which is what bounds the memory of a run.
 * The first error ends the run.
 */
final class Lanes {
    private final int lanes;
    private final Executor executor;
    private final Semaphore free;
    private final Set<Work> handedIn = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

    Lanes(int lanes, Executor executor) {
        this.lanes = lanes;
        this.executor = CallContext.current().captured().wrap(executor);
        this.free = new Semaphore(lanes);
    }

    /** Waits for a free lane and runs the work in it. */
    void run(Runnable runnable) {
        acquire(1);
        try {
            throwError();
        } catch (RuntimeException | Error thrown) {
            free.release();
            throw thrown;
        }
        Work work = new Work(runnable);
        handedIn.add(work);
        try {
            executor.execute(work);
        } catch (RuntimeException rejected) {
            work.drop();
            throw rejected;
        }
    }

    /** Waits until all work is done. */
    void join() {
        acquire(lanes);
        free.release(lanes);
        throwError();
    }

    /** Drops what has not begun, interrupts what runs, and waits for its end. */
    void abort() {
        handedIn.forEach(Work::drop);
        free.acquireUninterruptibly(lanes);
        free.release(lanes);
    }

    private void acquire(int permits) {
        try {
            free.acquire(permits);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("ingestion: interrupted (expected: to run to its end)");
        }
    }

    private void throwError() {
        Throwable thrown = error.get();
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error fatal) {
            throw fatal;
        }
    }

    private final class Work implements Runnable {
        private final Runnable runnable;
        private @Nullable Thread thread;
        private boolean over;

        Work(Runnable runnable) {
            this.runnable = runnable;
        }

        @Override
        public void run() {
            if (!begin()) {
                return;
            }
            try {
                runnable.run();
            } catch (Throwable thrown) {
                error.compareAndSet(null, thrown);
            } finally {
                end();
            }
        }

        private synchronized boolean begin() {
            thread = over ? null : Thread.currentThread();
            return thread != null;
        }

        private synchronized void end() {
            thread = null;
            finish();
        }

        private synchronized void drop() {
            if (thread != null) {
                thread.interrupt();
            } else if (!over) {
                finish();
            }
        }

        private void finish() {
            over = true;
            handedIn.remove(this);
            free.release();
        }
    }
}
