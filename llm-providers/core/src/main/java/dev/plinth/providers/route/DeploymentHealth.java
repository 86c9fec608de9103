package dev.plinth.providers.route;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a deployment does at a moment.
 *
 * @param deployment which one
 * @param state of its circuit breaker
 * @param availableIn how long it is not asked; zero when it may be
 * @param latency how long it usually takes: to the answer, for streams to the first content; the median of the last calls;
 *     null: not known
 * @param running how many calls it is answering
 */
public record DeploymentHealth(
        Deployment deployment,
        State state,
        Duration availableIn,
        @Nullable Duration latency,
        int running) {

    /** The states of a circuit breaker. */
    public enum State {
        /** Calls pass. */
        CLOSED,
        /** No call passes. */
        OPEN,
        /** One call passes, to see. */
        HALF_OPEN
    }

    /** How long it usually takes, if that is known. */
    public Optional<Duration> usualLatency() {
        return Optional.ofNullable(latency);
    }
}
