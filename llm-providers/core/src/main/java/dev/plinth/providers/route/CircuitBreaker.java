package dev.plinth.providers.route;

import dev.plinth.api.check.Check;
import java.time.Duration;

/**
 * When a deployment is out of order, and for how long. Of the last calls so many are remembered; when they are that many and
 * the share of failures among them is reached, the deployment is not asked for a while. Then one call tries: if it
 * succeeds, all go there again; if it fails, the while is twice as long, up to the most.
 *
 * <p>Failures are those of the deployment: overloaded, transport, timed out, malformed response, and what makes it of no
 * use at all, such as a wrong key or an exhausted quota. A refused request is none. After "rate limited" it is not asked for
 * as long as it says, or a second when it does not.
 *
 * @param calls how many calls are remembered, at least 1
 * @param failureShare above 0, at most 1
 * @param openFor the first while
 * @param mostOpenFor the longest while
 */
public record CircuitBreaker(int calls, double failureShare, Duration openFor, Duration mostOpenFor) {

    /** Half of the last 20 calls; 5 seconds, up to a minute. */
    public static final CircuitBreaker DEFAULT =
            new CircuitBreaker(20, 0.5, Duration.ofSeconds(5), Duration.ofMinutes(1));

    public CircuitBreaker {
        Check.positive(calls, "calls");
        Check.that(failureShare > 0 && failureShare <= 1, "failureShare", failureShare, "above 0, at most 1");
        Check.positive(openFor, "openFor");
        Check.positive(mostOpenFor, "mostOpenFor");
        Check.that(mostOpenFor.compareTo(openFor) >= 0, "mostOpenFor", mostOpenFor, ">= " + openFor);
    }
}
