package dev.plinth.providers.route;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.StreamEvent;
import dev.plinth.api.check.Check;
import dev.plinth.api.error.ContentFilteredException;
import dev.plinth.api.error.ContextTooLongException;
import dev.plinth.api.error.ErrorDetails;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.layer.Routed;
import dev.plinth.api.model.Capability;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import dev.plinth.providers.attempt.BegunAnswer;
import dev.plinth.providers.attempt.DeferredStream;
import dev.plinth.providers.attempt.TrafficBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model made of several: chooses a deployment for each call, goes to the next one when it fails, and leaves alone for a
 * while those that keep failing.
 *
 * <pre>{@code
 * ChatModel support = Router.builder()
 *     .deployment(Deployment.of("azure-eu", azure))
 *     .deployment(Deployment.of("openai", openAi))
 *     .build();
 * }</pre>
 *
 * <p>Defaults: deployments are asked in the order they were given; {@link CircuitBreaker#DEFAULT} for each; when all pause
 * because their providers asked for it, up to 10 seconds are waited for the first to come back; no hedging.
 *
 * <p>Who may be asked: deployments of the model that the request names, if it names one (by the model's or the
 * deployment's name); in the region of the tag {@code region}; of the tier of the tag {@code tier} or below; whose
 * conditions hold; that can do what the request needs; and that no policy forbids (see
 * {@link dev.plinth.api.layer.Admission}). Each is asked once at most.
 *
 * <p>What goes on to the next: failures of the deployment (rate limited, overloaded, transport, timed out, malformed
 * response, wrong key, exhausted quota, unknown model). A request that was too long goes on to deployments known to take
 * more; one that a content filter stopped, to those marked for that. A refused request, a denial and a cancelled call go
 * nowhere. A stream goes on until its first content has come and never after it: what broke off is an error that carries
 * what had come.
 *
 * <p>The answer names the deployment that gave it, why it was asked, and what was tried before
 * ({@link ChatResponse#attempts()}), and says whether it is {@linkplain ChatResponse#degraded() degraded}. When nobody
 * answers there is one error that holds all: attempts, cause and suppressed ones.
 *
 * <p>Immutable and thread-safe; it has no threads of its own.
 */
public final class Router implements ChatModel, Routed<ChatModel> {

    final List<Target> targets;
    final RouteOrder order;
    final Map<String, Double> canaries;
    final @Nullable Hedging hedging;
    final TrafficBudget hedges;
    final Predicate<? super LlmException> fallbackOn;
    final Duration maxPause;
    final TimeSource time;
    private final List<ShadowTraffic> shadows;
    private final ModelInfo info;

    private Router(Builder builder) {
        this.targets = builder.deployments.values().stream()
                .map(deployment -> new Target(deployment, builder.breaker, builder.time))
                .toList();
        this.info = info(targets);
        this.order = builder.order;
        this.canaries = Map.copyOf(builder.canaries);
        this.hedging = builder.hedging;
        this.hedges = builder.hedging == null
                ? new TrafficBudget(0, 0)
                : new TrafficBudget(builder.hedging.share, builder.hedging.reserve);
        this.fallbackOn = builder.fallbackOn;
        this.maxPause = builder.maxPause;
        this.time = builder.time;
        this.shadows = builder.shadows.stream().map(ShadowTraffic::new).toList();
    }

    private Router(Router router, UnaryOperator<ChatModel> wrap) {
        this.targets =
                router.targets.stream().map(target -> target.around(wrap)).toList();
        this.info = router.info;
        this.order = router.order;
        this.canaries = router.canaries;
        this.hedging = router.hedging;
        this.hedges = router.hedges;
        this.fallbackOn = router.fallbackOn;
        this.maxPause = router.maxPause;
        this.time = router.time;
        this.shadows =
                router.shadows.stream().map(shadow -> shadow.around(wrap)).toList();
    }

    /** A builder without deployments. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        ChatRequest asked = bound(request);
        RoutedCall<ChatResponse> call = new RoutedCall<>(this, asked, Plain.INSTANCE);
        ChatResponse response = call.finished(call.run());
        shadows.forEach(shadow -> shadow.answered(asked, response));
        return response;
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ChatRequest asked = bound(request);
        return new DeferredStream(asked.context(), new StreamedCall(asked));
    }

    /** The request with the context of the calling thread in it: attempts may be made on others. */
    private static ChatRequest bound(ChatRequest request) {
        return request.toBuilder().context(request.context()).build();
    }

    /** Who is the first deployment, and can do whatever one of them can. */
    @Override
    public ModelInfo info() {
        return info;
    }

    private static ModelInfo info(List<Target> targets) {
        ModelInfo first = targets.get(0).deployment.info();
        Set<Capability> capabilities = new HashSet<>();
        targets.forEach(target -> capabilities.addAll(target.deployment.info().capabilities()));
        return new ModelInfo(first.provider(), first.model(), capabilities, first.endpoint());
    }

    @Override
    public List<ChatModel> targets() {
        return targets.stream().map(target -> target.model).toList();
    }

    @Override
    public Router around(UnaryOperator<ChatModel> wrap) {
        return new Router(this, Check.notNull(wrap, "wrap"));
    }

    /** How the deployments do, in the order they were given; for health checks and metrics. */
    public List<DeploymentHealth> health() {
        return targets.stream().map(target -> target.health(false)).toList();
    }

    boolean hasAfterContentFilter() {
        return targets.stream().anyMatch(target -> target.deployment.isAfterContentFilter());
    }

    ErrorDetails details(ChatRequest request) {
        return ErrorDetails.builder()
                .provider(info().provider())
                .model(request.model().orElse(info().model()))
                .build();
    }

    private static boolean goesOn(LlmException failure) {
        return RouteFailures.isOfTheDeployment(failure)
                || failure instanceof ContextTooLongException
                || failure instanceof ContentFilteredException;
    }

    private enum Plain implements RoutedCall.Kind<ChatResponse> {
        INSTANCE;

        @Override
        public boolean isStreamed() {
            return false;
        }

        @Override
        public ChatResponse ask(TargetAttempt attempt) {
            return attempt.target.model.chat(attempt.request);
        }

        @Override
        public Optional<ChatResponse> whole(ChatResponse answer) {
            return Optional.of(answer);
        }

        @Override
        public void discard(ChatResponse answer) {
            // it came too late
        }
    }

    private final class StreamedCall implements DeferredStream.Source, RoutedCall.Kind<BegunAnswer> {
        private final ChatRequest request;
        private final RoutedCall<BegunAnswer> call;
        private Consumer<ChatStream> opened = stream -> {};

        StreamedCall(ChatRequest request) {
            this.request = request;
            this.call = new RoutedCall<>(Router.this, request, this);
        }

        @Override
        public BegunAnswer begin(Consumer<ChatStream> opened) {
            this.opened = opened;
            return call.run();
        }

        @Override
        public ChatResponse finished(ChatResponse response) {
            ChatResponse whole = call.finished(response);
            shadows.forEach(shadow -> shadow.answered(request, whole));
            return whole;
        }

        @Override
        public LlmException failed(LlmException failure) {
            return call.brokeOff(failure);
        }

        @Override
        public void cancelled() {
            call.cancelled();
        }

        @Override
        public boolean isStreamed() {
            return true;
        }

        @Override
        public BegunAnswer ask(TargetAttempt attempt) {
            return BegunAnswer.of(attempt.target.model.stream(attempt.request), opened);
        }

        @Override
        public Optional<ChatResponse> whole(BegunAnswer answer) {
            return answer.first() instanceof StreamEvent.Finished finished
                    ? Optional.of(finished.response())
                    : Optional.empty();
        }

        @Override
        public void discard(BegunAnswer answer) {
            answer.close();
        }
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final Map<String, Deployment> deployments = new LinkedHashMap<>();
        private final Map<String, Double> canaries = new LinkedHashMap<>();
        private final List<Shadow> shadows = new ArrayList<>();
        private RouteOrder order = RouteOrder.given();
        private CircuitBreaker breaker = CircuitBreaker.DEFAULT;
        private @Nullable Hedging hedging;
        private Predicate<? super LlmException> fallbackOn = Router::goesOn;
        private Duration maxPause = Duration.ofSeconds(10);
        private TimeSource time = TimeSource.system();

        private Builder() {}

        /**
         * One more deployment.
         *
         * @throws IllegalArgumentException if there is one of the same name
         */
        public Builder deployment(Deployment deployment) {
            String name = Check.notNull(deployment, "deployment").name();
            Check.that(deployments.putIfAbsent(name, deployment) == null, "deployment", name, "each name once");
            return this;
        }

        /**
         * One more deployment, for a share of the users: they are sent there first, always the same ones, and nobody else
         * ever. What has neither a user nor a session is drawn.
         *
         * @param percent above 0, below 100
         */
        public Builder canary(Deployment deployment, double percent) {
            Check.that(percent > 0 && percent < 100, "percent", percent, "above 0, below 100");
            deployment(deployment);
            canaries.put(deployment.name(), percent);
            return this;
        }

        /** Sends copies of some calls elsewhere, too. */
        public Builder shadow(Shadow shadow) {
            shadows.add(Check.notNull(shadow, "shadow"));
            return this;
        }

        /** In which order deployments are asked. */
        public Builder order(RouteOrder order) {
            this.order = Check.notNull(order, "order");
            return this;
        }

        /** When each deployment is out of order. */
        public Builder breaker(CircuitBreaker breaker) {
            this.breaker = Check.notNull(breaker, "breaker");
            return this;
        }

        /** Asks a second deployment when the first one takes long. */
        public Builder hedging(Hedging hedging) {
            this.hedging = Check.notNull(hedging, "hedging");
            return this;
        }

        /**
         * After which failures the next deployment is asked, instead of the default. Never after a cancelled call. All but
         * the last are tried once whatever is said here.
         */
        public Builder fallbackOn(Predicate<? super LlmException> fallbackOn) {
            this.fallbackOn = Check.notNull(fallbackOn, "fallbackOn");
            return this;
        }

        /** How long to wait when nobody can be asked, because all providers asked for a pause; zero: not at all. */
        public Builder maxPause(Duration pause) {
            Check.that(!pause.isNegative(), "pause", pause, ">= 0");
            this.maxPause = pause;
            return this;
        }

        /** The clock. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /**
         * The router.
         *
         * @throws IllegalArgumentException if there is no deployment but canaries and those for a content filter
         */
        public Router build() {
            boolean usual = deployments.values().stream()
                    .anyMatch(each -> !each.isAfterContentFilter() && !canaries.containsKey(each.name()));
            Check.that(usual, "deployments", deployments.keySet(), "one that is asked by everybody");
            return new Router(this);
        }
    }
}
