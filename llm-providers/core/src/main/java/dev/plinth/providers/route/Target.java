package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A deployment as a router sees it: with the layers around it, and with what is known of its health, which copies share.
 *
 * <p>Thread-safe.
 */
final class Target {

    final Deployment deployment;
    final ChatModel model;
    final Circuit circuit;
    private final LatencyWindow plain;
    private final LatencyWindow streamed;
    private final AtomicInteger running;

    Target(Deployment deployment, CircuitBreaker breaker, TimeSource time) {
        this(
                deployment,
                deployment,
                new Circuit(breaker, time),
                new LatencyWindow(),
                new LatencyWindow(),
                new AtomicInteger());
    }

    private Target(
            Deployment deployment,
            ChatModel model,
            Circuit circuit,
            LatencyWindow plain,
            LatencyWindow streamed,
            AtomicInteger running) {
        this.deployment = deployment;
        this.model = model;
        this.circuit = circuit;
        this.plain = plain;
        this.streamed = streamed;
        this.running = running;
    }

    Target around(UnaryOperator<ChatModel> wrap) {
        return new Target(deployment, wrap.apply(model), circuit, plain, streamed, running);
    }

    String name() {
        return deployment.name();
    }

    LatencyWindow latencies(boolean ofStreams) {
        return ofStreams ? streamed : plain;
    }

    void begun() {
        running.incrementAndGet();
    }

    void ended() {
        running.decrementAndGet();
    }

    DeploymentHealth health(boolean ofStreams) {
        Duration usual = latencies(ofStreams).percentile(0.5, 1).orElse(null);
        return new DeploymentHealth(deployment, circuit.state(), circuit.untilNext(), usual, running.get());
    }
}
