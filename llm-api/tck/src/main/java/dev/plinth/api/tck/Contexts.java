package dev.plinth.api.tck;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.testkit.TestTime;
import dev.plinth.api.time.Deadline;
import java.time.Duration;

/** Contexts that several suites call in. */
final class Contexts {
    private Contexts() {}

    /** One whose deadline has passed. */
    static CallContext late() {
        TestTime time = TestTime.manual();
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), time);
        time.advance(Duration.ofSeconds(1));
        return CallContext.builder().deadline(deadline).build();
    }
}
