package dev.plinth.api.testkit;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.time.TimeSource;
import dev.plinth.api.usage.Usage;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An embedding model without a model: texts that share words, or parts of words, get vectors that are near each other.
 * The same text always gets the same vector, on every machine, whether it is a query or a document.
 *
 * <p>Vectors have length 1. The usage counts words and says that it is estimated. Remembers what it was asked; obeys
 * interruption and deadlines.
 *
 * <p>Thread-safe.
 */
public final class FakeEmbeddingModel implements EmbeddingModel {
    private static final int DIMENSIONS = 64;

    private final ModelInfo info;
    private final int dimensions;
    private final List<EmbeddingRequest> requests = new CopyOnWriteArrayList<>();

    private FakeEmbeddingModel(String model, int dimensions) {
        this.info = ModelInfo.local("fake", Check.notBlank(model, "model"));
        this.dimensions = Check.positive(dimensions, "dimensions");
    }

    /** A model called {@code fake-embedding} with 64 dimensions. */
    public static FakeEmbeddingModel create() {
        return create("fake-embedding", DIMENSIONS);
    }

    /** A model of this name, its vectors of this length. */
    public static FakeEmbeddingModel create(String model, int dimensions) {
        return new FakeEmbeddingModel(model, dimensions);
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        Check.notNull(request, "request");
        new Pace(TimeSource.system(), request.context()).begin();
        requests.add(request.toBuilder().context(request.context()).build());
        int length = request.dimensions().orElse(dimensions);
        List<float[]> vectors =
                request.texts().stream().map(text -> Words.vector(text, length)).toList();
        long words = request.texts().stream()
                .mapToLong(text -> Words.of(text).size())
                .sum();
        Usage usage = Usage.builder()
                .input(words)
                .output(0)
                .source(Usage.Source.ESTIMATED)
                .build();
        return new EmbeddingResponse(vectors, request.model().orElse(info.model()), usage);
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public OptionalInt dimensions() {
        return OptionalInt.of(dimensions);
    }

    /** What it was asked so far, in order, each request with the context it was asked in. */
    public List<EmbeddingRequest> requests() {
        return List.copyOf(requests);
    }
}
