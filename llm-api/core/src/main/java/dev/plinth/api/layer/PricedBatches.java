package dev.plinth.api.layer;

import dev.plinth.api.batch.Batch;
import dev.plinth.api.batch.BatchRequest;
import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.PriceBook;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Batches whose answers state what they cost. */
final class PricedBatches implements ChatBatches {

    private final ChatBatches next;
    private final PriceBook book;

    PricedBatches(ChatBatches next, PriceBook book) {
        this.next = next;
        this.book = book;
    }

    @Override
    public BatchResults results(String id) {
        BatchResults results = next.results(id);
        Iterator<BatchResult> each = results.iterator();
        return new BatchResults() {
            @Override
            protected @Nullable BatchResult advance() {
                return each.hasNext() ? priced(each.next()) : null;
            }

            @Override
            protected void release() {
                results.close();
            }
        };
    }

    private BatchResult priced(BatchResult result) {
        return result.response()
                .map(response -> BatchResult.answered(result.id(), priced(response)))
                .orElse(result);
    }

    private ChatResponse priced(ChatResponse response) {
        if (response.cost().isPresent()) {
            return response;
        }
        String provider = response.provider().orElse(info().provider());
        return response.model()
                .flatMap(model -> book.price(provider, model))
                .flatMap(Price::batch)
                .flatMap(price -> price.of(response.usage()))
                .map(cost -> response.toBuilder().cost(cost).build())
                .orElse(response);
    }

    @Override
    public ModelInfo info() {
        return next.info();
    }

    @Override
    public Batch submit(List<BatchRequest> requests) {
        return next.submit(requests);
    }

    @Override
    public Batch get(String id) {
        return next.get(id);
    }

    @Override
    public List<Batch> recent(int count) {
        return next.recent(count);
    }

    @Override
    public Batch await(String id, Duration limit, Consumer<? super Batch> progress) {
        return next.await(id, limit, progress);
    }

    @Override
    public Batch cancel(String id) {
        return next.cancel(id);
    }

    @Override
    public void delete(String id) {
        next.delete(id);
    }
}
