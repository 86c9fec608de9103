package dev.plinth.bench.trace;

import dev.plinth.api.context.CallContext;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Where work runs: threads of all kinds, with the caller's context handed over. */
final class Places implements AutoCloseable {

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final ExecutorService virtual = virtualThreads();

    /** Whether this Java has virtual threads. */
    static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }

    /** Starts work there, in the current context. */
    Future<?> start(Step.Place place, Runnable work) {
        Runnable carried = CallContext.current().wrap(work);
        return switch (place) {
            case HERE -> {
                FutureTask<?> here = new FutureTask<>(work, null);
                here.run();
                yield here;
            }
            case POOL -> pool.submit(carried);
            case FUTURE ->
                CompletableFuture.runAsync(BusyModel::pause, pool)
                        .thenRunAsync(work, CallContext.current().wrap(pool));
            case VIRTUAL_THREAD -> virtual.submit(carried);
        };
    }

    /** On Java 17 a pool of its own has to do. */
    private static ExecutorService virtualThreads() {
        if (!hasVirtualThreads()) {
            return Executors.newCachedThreadPool();
        }
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (IllegalAccessException | NoSuchMethodException | InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
        virtual.shutdownNow();
    }
}
