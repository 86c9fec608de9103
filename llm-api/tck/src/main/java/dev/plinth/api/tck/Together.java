package dev.plinth.api.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Runs work on threads of its own and waits for it, with patience but not for ever. */
final class Together {
    static final int THREADS = 8;

    private static final long PATIENCE_SECONDS = 60;

    private Together() {}

    /** Starts the work of all threads at the same moment and returns their results in order. */
    static <T extends @Nullable Object> List<T> run(int threads, IntFunction<? extends Callable<T>> work)
            throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch ready = new CountDownLatch(threads);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Callable<T> task = work.apply(i);
                futures.add(executor.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return task.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(get(future));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    /** The result, or what was thrown; an error when it does not come. */
    static <T extends @Nullable Object> T get(Future<T> future) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException exception) {
            throw new AssertionError("call: still waiting (expected: an end within " + PATIENCE_SECONDS + " s)");
        } catch (ExecutionException exception) {
            if (exception.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(exception.getCause());
        }
    }
}
