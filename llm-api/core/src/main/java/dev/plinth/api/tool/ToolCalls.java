package dev.plinth.api.tool;

import dev.plinth.api.chat.ToolCall;
import dev.plinth.api.chat.ToolResult;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Runs the tool calls of one answer, side by side as far as the executor allows, and returns results in their order. */
final class ToolCalls {

    private ToolCalls() {}

    /** The results; empty when the deadline passed before all of them were there. */
    static Optional<List<ToolResult>> run(ToolLoop loop, List<ToolCall> calls, CallContext asked) {
        CallContext context = asked.captured();
        Executor executor = context.wrap(loop.executor);
        CountDownLatch running = new CountDownLatch(calls.size());
        List<FutureTask<ToolResult>> tasks = new ArrayList<>();
        try {
            for (ToolCall call : calls) {
                FutureTask<ToolResult> task = new FutureTask<>(() -> run(loop, call, context)) {
                    @Override
                    protected void done() {
                        running.countDown();
                    }
                };
                tasks.add(task);
                executor.execute(task);
            }
            Optional<Deadline> deadline = context.deadline();
            if (deadline.isPresent() && !deadline.get().await(running)) {
                return Optional.empty();
            }
            List<ToolResult> results = new ArrayList<>();
            for (FutureTask<ToolResult> task : tasks) {
                results.add(task.get());
            }
            return Optional.of(results);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw cancelled(interruption);
        } catch (ExecutionException failure) {
            throw rethrown(failure);
        } finally {
            tasks.forEach(task -> task.cancel(true));
        }
    }

    private static ToolResult run(ToolLoop loop, ToolCall call, CallContext context) {
        Tool tool = loop.tools.get(call.name());
        if (tool == null) {
            return ToolConversation.unknown(call, new TreeSet<>(loop.tools.keySet()));
        }
        try {
            ToolResult result = tool.call(call, context);
            return Objects.requireNonNullElseGet(result, () -> call.error("tool: returned nothing"));
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (RuntimeException failure) {
            String message = failure.getMessage();
            return call.error(message == null ? failure.getClass().getSimpleName() : message);
        }
    }

    private static RuntimeException rethrown(ExecutionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }

    private static CancelledException cancelled(InterruptedException interruption) {
        return new CancelledException(
                "thread: interrupted while tools ran (expected: their results)", ErrorDetails.NONE, interruption);
    }
}
