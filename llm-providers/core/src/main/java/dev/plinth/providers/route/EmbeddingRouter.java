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
 * told its name, which every answer has, and refuses deployments of different lengths. Policy, circuit breakers and what
 * goes on to the next deployment are those of {@link Router}.
 *
 * <p>Immutable and thread-safe.
 */
public final class EmbeddingRouter implements EmbeddingModel, Routed<EmbeddingModel> {

    /** One place, with the layers around it; copies share the circuit. */
    record Place(String name, EmbeddingModel model, Circuit circuit) {}

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
     * @param model what all of them serve
     */
    public static Builder builder(String model) {
        return new Builder(model);
    }

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
        List<Place> wrapped = places.stream()
                .map(place -> new Place(place.name(), wrap.apply(place.model()), place.circuit()))
                .toList();
        return new EmbeddingRouter(model, wrapped, time);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final String model;
        private final Map<String, EmbeddingModel> deployments = new LinkedHashMap<>();
        private CircuitBreaker breaker = CircuitBreaker.DEFAULT;
        private TimeSource time = TimeSource.system();

        private Builder(String model) {
            this.model = Check.notBlank(model, "model");
        }

        /**
         * One more place where the model is served.
         *
         * @throws IllegalArgumentException if there is one of the same name
         */
        public Builder deployment(String name, EmbeddingModel deployment) {
            Check.notBlank(name, "name");
            Check.notNull(deployment, "deployment");
            Check.that(deployments.putIfAbsent(name, deployment) == null, "deployment", name, "each name once");
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
                    .map(EmbeddingModel::dimensions)
                    .filter(OptionalInt::isPresent)
                    .map(OptionalInt::getAsInt)
                    .distinct()
                    .toList();
            Check.that(lengths.size() <= 1, "dimensions", lengths, "one length");
            List<Place> places = deployments.entrySet().stream()
                    .map(each -> new Place(each.getKey(), each.getValue(), new Circuit(breaker, time)))
                    .toList();
            return new EmbeddingRouter(model, places, time);
        }
    }
}
