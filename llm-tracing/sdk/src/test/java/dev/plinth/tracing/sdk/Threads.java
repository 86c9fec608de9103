package dev.plinth.tracing.sdk;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs many things side by side: on virtual threads where there are any, else on a few others. */
final class Threads {
    private Threads() {}

    /** A task that may throw. */
    interface Task {
        void run() throws Exception;
    }

    static void sideBySide(List<Task> tasks) throws Exception {
        ExecutorService threads = executor();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Task task : tasks) {
                running.add(threads.submit(() -> {
                    task.run();
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static ExecutorService executor() throws ReflectiveOperationException {
        try {
            Method virtual = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
            return (ExecutorService) virtual.invoke(null);
        } catch (NoSuchMethodException before21) {
            return Executors.newFixedThreadPool(8);
        }
    }
}
