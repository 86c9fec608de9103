package dev.plinth.api.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.context.Scope;
import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.TimedOutException;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Contexts that several suites call in. */
final class Contexts {
    private Contexts() {}

    /** Holds a call to the deadline of the current context, and to the interruption of its thread. */
    static void areObeyed(ThrowingCallable call) {
        assertThatThrownBy(() -> {
                    try (Scope scope = late().makeCurrent()) {
                        call.call();
                    }
                })
                .as("the deadline has passed")
                .isInstanceOf(TimedOutException.class);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(call).as("the thread was interrupted").isInstanceOf(CancelledException.class);
            assertThat(Thread.currentThread().isInterrupted())
                    .as("the flag stays set")
                    .isTrue();
        } finally {
            Thread.interrupted(); // for what comes after
        }
    }

    /** One whose deadline has passed. */
    static CallContext late() {
        TestTime time = TestTime.manual();
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), time);
        time.advance(Duration.ofSeconds(1));
        return CallContext.builder().deadline(deadline).build();
    }
}
