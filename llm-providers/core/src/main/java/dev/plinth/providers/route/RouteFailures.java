package dev.plinth.providers.route;

import dev.plinth.api.error.AuthenticationException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.error.ModelNotFoundException;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.error.QuotaExhaustedException;
import dev.plinth.api.usage.Attempt;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a router throws when nobody answered: one error, which holds all of them. */
final class RouteFailures {

    private RouteFailures() {}

    /**
     * Nobody was asked: all circuits are open.
     *
     * @param unavailable the deployments that could not be asked
     */
    static LlmException outOfOrder(Map<String, Circuit> unavailable, ErrorDetails details) {
        return new OverloadedException(
                        "deployments: " + String.join(", ", unavailable.keySet())
                                + " out of order (expected: one that may be asked)",
                        details.toBuilder().retryAfter(soonest(unavailable)).build(),
                        null)
                .setPartial("", Usage.NONE);
    }

    /**
     * The failure of all. When they are of one kind it is the one of them that can be tried again soonest, since it says
     * what to do; else that the deployments cannot serve the call for now.
     */
    static LlmException of(
            List<LlmException> failures,
            Map<String, Circuit> unavailable,
            List<Attempt> attempts,
            ErrorDetails details) {
        boolean oneKind = failures.stream().map(LlmException::code).distinct().count() == 1;
        if (oneKind || failures.stream().noneMatch(LlmException::isRetryable)) {
            return failures.stream()
                    .min(Comparator.comparing(
                            failure -> failure.details().retryAfter().orElse(Duration.ZERO)))
                    .orElseThrow();
        }
        String each = attempts.stream()
                .filter(attempt -> !attempt.succeeded())
                .map(attempt -> attempt.deployment() + " " + attempt.error())
                .collect(Collectors.joining(", "));
        Duration retryAfter = Stream.concat(
                        failures.stream()
                                .map(failure -> failure.details().retryAfter().orElse(null)),
                        Stream.ofNullable(soonest(unavailable)))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new OverloadedException(
                "deployments: " + each + " (expected: one that answers)",
                details.toBuilder().retryAfter(retryAfter).build(),
                failures.get(0));
    }

    /** Whether a failure is the deployment's, so that another one may do better. */
    static boolean isOfTheDeployment(LlmException failure) {
        return failure.isRetryable()
                || failure instanceof AuthenticationException
                || failure instanceof QuotaExhaustedException
                || failure instanceof ModelNotFoundException;
    }

    private static @Nullable Duration soonest(Map<String, Circuit> unavailable) {
        return unavailable.values().stream()
                .map(Circuit::untilNext)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
