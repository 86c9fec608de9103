package dev.plinth.providers.route;

import dev.plinth.api.check.Check;
import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.layer.Routed;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One embedding model that is served at several places: asks the first, and the next when it fails, as {@link Router} does.
 * Of many texts, only those are asked for elsewhere that have no vector yet.
 *
 * <pre>{@code
 * EmbeddingModel model = EmbeddingRouter.builder("text-embedding-3-small")
 *     .deployment("azure-eu", azure)
 *     .deployment("openai", openAi)
 *     .build();
 * }</pre>
 *
 * <p>Vectors of two models never compare, so all deployments must serve the same one, whatever they call it: the builder is
 * told its name, which every answer has, and refuses deployments of different lengths. Each deployment is asked for the
 * model by its own name for it. An answer of another model is a failure of the deployment
 * ({@link dev.plinth.api.error.MalformedResponseException}); a request for another model is refused
 * ({@link dev.plinth.api.error.ModelNotFoundException}). Policy, regions, circuit breakers and what goes on to the next
 * deployment are those of {@link Router}.
 *
 * <p>Immutable and thread-safe.
 */
public final class EmbeddingRouter implements EmbeddingModel, Routed<EmbeddingModel> {

    /** One place, with the layers around it; copies share the circuit. */
    record Place(
            String name, EmbeddingModel model, @Nullable String region, Circuit circuit) {

        Place around(UnaryOperator<EmbeddingModel> wrap) {
            return new Place(name, wrap.apply(model), region, circuit);
        }
    }

    final List<Place> places;
    final TimeSource time;
    private final String model;

    private EmbeddingRouter(String model, List<Place> places, TimeSource time) {
        this.model = model;
        this.places = places;
        this.time = time;
    }

    /**
     * A builder without deployments.
     *
     * @param model what all of them serve: the name in answers, and the only one that requests may ask for
     */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /**
     * The vectors of the first deployment that answers, or of several that each embedded some of the texts.
     *
     * @throws dev.plinth.api.error.ModelNotFoundException if the request names another model, or the context a region
     *     without a deployment
     * @throws dev.plinth.api.error.TimedOutException if the deadline passed before a deployment was asked
     * @throws dev.plinth.api.embedding.IncompleteEmbeddingException if nobody was left to go on with the rest
     */
    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        CallContext context = request.context();
        EmbeddingRequest asked = request.toBuilder().context(context).build();
        return new RoutedEmbedding(this, asked).run();
    }

    /** The first deployment. */
    @Override
    public ModelInfo info() {
        ModelInfo first = places.get(0).model().info();
        return new ModelInfo(first.provider(), model, first.capabilities(), first.endpoint());
    }

    @Override
    public OptionalInt dimensions() {
        return places.stream()
                .map(place -> place.model().dimensions())
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    /** What all deployments take. */
    @Override
    public EmbeddingLimits limits() {
        return places.stream().map(place -> place.model().limits()).reduce(EmbeddingLimits.NONE, EmbeddingLimits::and);
    }

    @Override
    public List<EmbeddingModel> targets() {
        return places.stream().map(Place::model).toList();
    }

    @Override
    public EmbeddingRouter around(UnaryOperator<EmbeddingModel> wrap) {
        Check.notNull(wrap, "wrap");
        List<Place> wrapped = places.stream().map(place -> place.around(wrap)).toList();
        return new EmbeddingRouter(model, wrapped, time);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String model;
        private final Map<String, Added> deployments = new LinkedHashMap<>();
        private CircuitBreaker breaker = CircuitBreaker.DEFAULT;
        private TimeSource time = TimeSource.system();

        private record Added(EmbeddingModel model, @Nullable String region) {}

        private Builder(String model) {
            this.model = Check.notBlank(model, "model");
        }

        /**
         * One more place where the model is served, in no region that anybody may ask for.
         *
         * @throws IllegalArgumentException if there is one of the same name
         */
        public Builder deployment(String name, EmbeddingModel deployment) {
            return add(name, deployment, null);
        }

        /**
         * One more place where the model is served.
         *
         * @param region where it runs: a call whose context has the tag {@code region} goes nowhere else
         * @throws IllegalArgumentException if there is one of the same name
         */
        public Builder deployment(String name, EmbeddingModel deployment, String region) {
            return add(name, deployment, Check.notBlank(region, "region"));
        }

        private Builder add(String name, EmbeddingModel deployment, @Nullable String region) {
            Check.notBlank(name, "name");
            Added added = new Added(Check.notNull(deployment, "deployment"), region);
            Check.that(deployments.putIfAbsent(name, added) == null, "deployment", name, "each name once");
            return this;
        }

        /** When each deployment is out of order. */
        public Builder breaker(CircuitBreaker breaker) {
            this.breaker = Check.notNull(breaker, "breaker");
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
         * @throws IllegalArgumentException if there is no deployment, or their vectors differ in length
         */
        public EmbeddingRouter build() {
            Check.notEmpty(deployments.values(), "deployments");
            List<Integer> lengths = deployments.values().stream()
                    .map(added -> added.model().dimensions())
                    .filter(OptionalInt::isPresent)
                    .map(OptionalInt::getAsInt)
                    .distinct()
                    .toList();
            Check.that(lengths.size() <= 1, "dimensions", lengths, "one length");
            List<Place> places = deployments.entrySet().stream()
                    .map(each -> new Place(
                            each.getKey(),
                            each.getValue().model(),
                            each.getValue().region(),
                            new Circuit(breaker, time)))
                    .toList();
            return new EmbeddingRouter(model, places, time);
        }
    }
}
