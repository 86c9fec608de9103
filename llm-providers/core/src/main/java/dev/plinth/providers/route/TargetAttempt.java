package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import dev.plinth.providers.attempt.AttemptLog;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one target, and all who have to be told how it ended: the circuit breaker, the latencies, the log. It ends
 * once; a second end is passed over.
 *
 * <p>Thread-safe.
 */
final class TargetAttempt {

    final Target target;
    final ChatRequest request;
    private final Circuit.Permit permit;
    private final AttemptLog.Open open;
    private final boolean streamed;
    private final AtomicBoolean begunToAnswer = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    TargetAttempt(Target target, ChatRequest request, Circuit.Permit permit, AttemptLog.Open open, boolean streamed) {
        this.target = target;
        this.request = request;
        this.permit = permit;
        this.open = open;
        this.streamed = streamed;
        target.begun();
    }

    /** The first content came, or the whole answer. */
    void begins() {
        if (begunToAnswer.compareAndSet(false, true)) {
            target.latencies(streamed).add(open.elapsed());
        }
    }

    void answered(ChatResponse response) {
        if (end()) {
            begins();
            permit.succeeded();
            open.answered(response);
        }
    }

    void failed(LlmException failure) {
        if (end()) {
            open.failed(failure);
            if (failure instanceof TimedOutException && hadTooLittleTime()) {
                permit.abandoned();
            } else {
                permit.failed(failure);
            }
        }
    }

    /** The caller's deadline came before most calls are answered here: that says nothing about the deployment. */
    private boolean hadTooLittleTime() {
        return request.context().deadline().filter(Deadline::expired).isPresent()
                && target.latencies(streamed)
                        .percentile(0.95, 1)
                        .filter(usual -> open.elapsed().compareTo(usual) < 0)
                        .isPresent();
    }

    /** An error of the program, such as a bug in the adapter. */
    void broke() {
        if (end()) {
            permit.broke();
            open.cancelled();
        }
    }

    /** The caller gave it up. */
    void cancelled() {
        if (end()) {
            permit.abandoned();
            open.cancelled();
        }
    }

    /**
     * Another one was faster. What it took by then is the least it takes.
     *
     * @param answer that came too late; null: none came
     */
    void lost(@Nullable ChatResponse answer) {
        if (end()) {
            begins();
            permit.abandoned();
            if (answer == null) {
                open.cancelled();
            } else {
                open.cancelled(answer);
            }
        }
    }

    /** It was not made after all. */
    void notMade() {
        if (end()) {
            permit.abandoned();
        }
    }

    /** What errors say of it. */
    ErrorDetails details() {
        return ErrorDetails.builder()
                .provider(target.deployment.info().provider())
                .model(target.deployment.info().model())
                .build();
    }

    private boolean end() {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            target.ended();
        }
        return first;
    }
}
