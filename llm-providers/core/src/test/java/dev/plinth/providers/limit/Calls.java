package dev.plinth.providers.limit;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Principal;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Requests, and calls on threads of their own. */
final class Calls {

    private Calls() {}

    /** A request of a team that expects so much output. */
    static ChatRequest request(String text, int output, CallContext context) {
        return ChatRequest.builder()
                .user(text)
                .maxOutputTokens(output)
                .context(context)
                .build();
    }

    static ChatRequest request(CallContext context) {
        return request("hello!!!", 10, context);
    }

    static CallContext team(String team) {
        return CallContext.builder().principal(new Principal("app", team, null)).build();
    }

    static CallContext within(Duration span, TestTime time) {
        return CallContext.EMPTY.until(Deadline.after(span, time));
    }

    /** A call that runs on a thread of its own. */
    static final class Running<T> {
        private final FutureTask<T> task;
        private final Thread thread;

        private Running(Callable<T> call) {
            this.task = new FutureTask<>(call);
            this.thread = new Thread(task, "caller");
            thread.setDaemon(true);
            thread.start();
        }

        void interrupt() {
            thread.interrupt();
        }

        boolean isDone() {
            return task.isDone();
        }

        /** The result, or what was thrown. */
        T end() throws Exception {
            try {
                return task.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException exception) {
                if (exception.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw new AssertionError(exception.getCause());
            }
        }
    }

    static <T> Running<T> start(Callable<T> call) {
        return new Running<>(call);
    }

    static Running<String> chat(ChatModel model, ChatRequest request) {
        return start(() -> model.chat(request).text());
    }
}
