package dev.plinth.tracing.cost;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.layer.ChatWatch;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import java.util.function.Supplier;

/** Models whose calls are booked. */
final class Bookings {

    private Bookings() {}

    static ChatModel around(ChatModel next, CostLedger ledger) {
        return ChatWatch.around(
                next,
                request -> new Booking(
                        ledger,
                        request.context(),
                        Booking.CHAT,
                        next.info().provider(),
                        request.model().orElse(next.info().model()),
                        false));
    }

    static EmbeddingModel around(EmbeddingModel next, CostLedger ledger) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                String model = request.model().orElse(next.info().model());
                Booking booking = new Booking(
                        ledger, request.context(), "embeddings", next.info().provider(), model, false);
                EmbeddingResponse response = booked(
                        booking,
                        () -> next.embed(
                                request.toBuilder().context(booking.carrying()).build()));
                booking.done(response.model(), response.usage(), response.cost(), response.attempts());
                return response;
            }
        };
    }

    static Reranker around(Reranker next, CostLedger ledger) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                Booking booking = new Booking(
                        ledger,
                        request.context(),
                        "rerank",
                        next.info().provider(),
                        next.info().model(),
                        false);
                RerankResponse response = booked(booking, () -> next.rerank(request.in(booking.carrying())));
                booking.done(response.model(), response.usage(), response.cost(), response.attempts());
                return response;
            }
        };
    }

    private static <R> R booked(Booking booking, Supplier<R> call) {
        try {
            return booking.carrying().call(call);
        } catch (Throwable failure) {
            booking.failed(failure);
            throw failure;
        }
    }
}
