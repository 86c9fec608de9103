package dev.plinth.providers.route;

import dev.plinth.api.check.Check;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Sends a share of the calls to another deployment as well, to see what it would say. Its answer reaches the sink and nobody
 * else; it runs on the executor after the call has been answered, outside of the call's interaction and deadline, with the
 * tag {@code shadow}. Tools that it asks for are not run. A call that the deployment does not take, by its region or
 * its conditions, is not copied; one that a policy forbids there is a failure of the copy.
 *
 * @param deployment where the copies go; with timeouts of its own
 * @param percent of the calls, above 0 up to 100, drawn for each
 * @param executor runs the copies and the sink; it stays the caller's to close. A copy that it does not take is
 *     a failure, which the sink is told on the thread of the call
 * @param sink gets every answer and every failure of a copy; what it throws is the executor's to handle
 */
public record Shadow(Deployment deployment, double percent, Executor executor, Consumer<? super ShadowAnswer> sink) {

    public Shadow {
        Check.notNull(deployment, "deployment");
        Check.that(percent > 0 && percent <= 100, "percent", percent, "above 0, at most 100");
        Check.notNull(executor, "executor");
        Check.notNull(sink, "sink");
    }
}
