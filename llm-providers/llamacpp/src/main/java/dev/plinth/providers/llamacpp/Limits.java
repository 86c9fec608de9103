package dev.plinth.providers.llamacpp;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.time.Deadline;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.time.Timeouts;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long one call may still wait, and what it has met when it may not. For the calling thread alone. */
final class Limits {

    private final TimeSource time;
    private final Timeouts timeouts;
    private final boolean streamed;
    private final ErrorDetails details;
    private final String totalName;
    private final Deadline total;
    private final Optional<Deadline> deadline;
    private Deadline next;
    private boolean begun;

    private Limits(
            String totalName,
            Timeouts timeouts,
            boolean streamed,
            Optional<Deadline> deadline,
            TimeSource time,
            ErrorDetails details) {
        this.totalName = totalName;
        this.time = time;
        this.timeouts = timeouts;
        this.streamed = streamed;
        this.details = details;
        this.deadline = deadline;
        this.total = Deadline.after(timeouts.total(), time);
        this.next = Deadline.after(timeouts.firstToken(), time);
    }

    /** The limits of a call that begins now. */
    static Limits of(ChatRequest request, Timeouts otherwise, boolean streamed, TimeSource time, ErrorDetails details) {
        Timeouts timeouts = request.timeouts().orElse(otherwise);
        return new Limits(
                "timeouts.total", timeouts, streamed, request.context().deadline(), time, details);
    }

    /** One limit for all, by its name. */
    static Limits within(String name, Duration limit, TimeSource time, ErrorDetails details) {
        Timeouts timeouts = new Timeouts(limit, limit, limit, limit);
        return new Limits(name, timeouts, false, Optional.empty(), time, details);
    }

    ErrorDetails details() {
        return details;
    }

    TimeSource time() {
        return time;
    }

    /** Text came: from now on the time between tokens counts. */
    void tokenCame() {
        begun = true;
        next = Deadline.after(timeouts.betweenTokens(), time);
    }

    /** How long the call may wait now; zero when it may not. */
    Duration left() {
        Duration left = total.remaining();
        left = streamed ? next.cap(left) : left;
        return deadline.isPresent() ? deadline.get().cap(left) : left;
    }

    /** Fails when the call must not go on. */
    void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(null);
        }
        if (deadline.isPresent() && deadline.get().expired()) {
            throw timedOut("deadline: passed (expected: the whole answer)");
        }
        if (total.expired()) {
            throw timedOut(totalName + ": " + timeouts.total() + " passed (expected: all of it)");
        }
        if (streamed && next.expired()) {
            throw timedOut(
                    begun
                            ? "timeouts.betweenTokens: " + timeouts.betweenTokens()
                                    + " passed (expected: the next token)"
                            : "timeouts.firstToken: " + timeouts.firstToken() + " passed (expected: the first token)");
        }
    }

    /** Waits a moment, or fails as {@link #check} does. */
    void pause(Duration moment) {
        check();
        try {
            time.sleep(moment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    CancelledException interrupted(@Nullable InterruptedException cause) {
        return new CancelledException("thread: interrupted (expected: an answer first)", details, cause);
    }

    private TimedOutException timedOut(String met) {
        return new TimedOutException(met, details, null);
    }
}
