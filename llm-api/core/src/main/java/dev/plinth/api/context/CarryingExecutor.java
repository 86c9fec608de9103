package dev.plinth.api.context;

import dev.plinth.api.check.Check;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands every task on with a context. Futures are those of the other executor, so cancelling one interrupts its task. */
final class CarryingExecutor implements ExecutorService {

    private final ExecutorService executor;
    private final Supplier<CallContext> context;

    /** @param context asked where a task is handed in */
    CarryingExecutor(ExecutorService executor, Supplier<CallContext> context) {
        this.executor = Check.notNull(executor, "executor");
        this.context = context;
    }

    private <T extends @Nullable Object> List<Callable<T>> all(Collection<? extends Callable<T>> tasks) {
        CallContext carried = context.get();
        return tasks.stream().<Callable<T>>map(carried::wrapCallable).toList();
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(context.get().wrap(task));
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
        return executor.submit(context.get().wrapCallable(task));
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
        return executor.submit(context.get().wrap(task), result);
    }

    @Override
    public Future<?> submit(Runnable task) {
        return executor.submit(context.get().wrap(task));
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return executor.invokeAll(all(tasks));
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return executor.invokeAll(all(tasks), timeout, unit);
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        return executor.invokeAny(all(tasks));
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return executor.invokeAny(all(tasks), timeout, unit);
    }

    @Override
    public void shutdown() {
        executor.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return executor.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return executor.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }

    /** Belongs to the interface from Java 19 on, and some executors close in a way of their own. */
    @SuppressWarnings("MissingOverride")
    public void close() {
        if (executor instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
