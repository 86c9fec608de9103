package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.check.Check;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * In which order deployments are asked that may serve a request. Those that compare as equal stand as they were given to
 * the router.
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface RouteOrder {

    /** The order for one request; asked for once for each call. */
    Comparator<DeploymentHealth> forRequest(ChatRequest request);

    /** This order; where it says equal, the other one. */
    default RouteOrder then(RouteOrder other) {
        Check.notNull(other, "other");
        return request -> forRequest(request).thenComparing(other.forRequest(request));
    }

    /** As they were given to the router. */
    static RouteOrder given() {
        return request -> Comparator.comparing(health -> 0);
    }

    /**
     * At random, by their weights. A user, or else a session, always comes to the same one, as long as it is there: only
     * those move whose deployment goes or whose share another one takes (weighted rendezvous hashing).
     */
    static RouteOrder weighted() {
        return request -> {
            UserShare share = UserShare.of(request.context());
            Map<String, Double> scores = new ConcurrentHashMap<>();
            return Comparator.comparingDouble(health -> scores.computeIfAbsent(
                    health.deployment().name(),
                    name -> -Math.log(1 - share.of(name)) / health.deployment().weight()));
        };
    }

    /** The one first that will probably answer soonest: what it usually takes, times the calls it would have then. */
    static RouteOrder leastLatency() {
        return request -> Comparator.comparingDouble(RouteOrder::expectedNanos);
    }

    private static double expectedNanos(DeploymentHealth health) {
        Duration usual = health.latency();
        if (usual == null) { // one call goes to see; the others do not wait for what is not known
            return health.running() == 0 ? 0 : Double.MAX_VALUE;
        }
        return usual.toNanos() * (health.running() + 1.0);
    }

    /**
     * The cheapest first, by the length of the request and of the answer that is expected. Deployments without a price come
     * last.
     *
     * @param outputTokens what an answer usually has, for requests that do not limit it
     */
    static RouteOrder leastCost(int outputTokens) {
        Check.positive(outputTokens, "outputTokens");
        return request -> {
            Usage expected =
                    Usage.of(When.tokens(request), request.maxOutputTokens().orElse(outputTokens));
            return Comparator.comparing(
                    health -> health.deployment()
                            .price()
                            .flatMap(price -> price.of(expected))
                            .map(Cost::amount)
                            .orElse(null),
                    Comparator.nullsLast(Comparator.naturalOrder()));
        };
    }
}
