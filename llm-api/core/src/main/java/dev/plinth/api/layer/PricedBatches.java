package dev.plinth.api.layer;

import dev.plinth.api.batch.BatchResult;
import dev.plinth.api.batch.BatchResults;
import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.batch.ForwardingChatBatches;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.usage.Price;
import dev.plinth.api.usage.PriceBook;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Batches whose answers state what they cost. */
final class PricedBatches extends ForwardingChatBatches {

    private final PriceBook book;

    PricedBatches(ChatBatches next, PriceBook book) {
        super(next);
        this.book = book;
    }

    @Override
    public BatchResults results(String id) {
        BatchResults results = next().results(id);
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
}
