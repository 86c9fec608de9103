package dev.plinth.providers.embedding;

import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Cost;
import dev.plinth.api.usage.Usage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Takes two texts a call; the vector of a text is the number it is; a text costs a cent. */
final class NumberModel implements EmbeddingModel {
    private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

    final List<EmbeddingRequest> requests = new CopyOnWriteArrayList<>();
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger mostRunning = new AtomicInteger();
    private final Consumer<Integer> before;

    /** @param before runs within each call, with the number of its first text */
    NumberModel(Consumer<Integer> before) {
        this.before = before;
    }

    static EmbeddingRequest numbers(int texts) {
        return EmbeddingRequest.documents(
                IntStream.range(0, texts).mapToObj(Integer::toString).toList());
    }

    static List<Integer> numbers(EmbeddingResponse response) {
        return response.vectors().stream().map(vector -> (int) vector[0]).toList();
    }

    static Cost cents(int amount) {
        return new Cost(BigDecimal.valueOf(amount, 2), Currency.getInstance("EUR"), DAY);
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        requests.add(request);
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            before.accept(Integer.parseInt(request.texts().get(0)));
            List<float[]> vectors = request.texts().stream()
                    .map(text -> new float[] {Integer.parseInt(text)})
                    .toList();
            return new EmbeddingResponse(vectors, "m", Usage.of(vectors.size(), 0), cents(vectors.size()), List.of());
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public ModelInfo info() {
        return ModelInfo.local("p", "m");
    }

    @Override
    public OptionalInt dimensions() {
        return OptionalInt.of(1);
    }

    @Override
    public EmbeddingLimits limits() {
        return EmbeddingLimits.NONE.withTexts(2);
    }
}
