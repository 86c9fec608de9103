package dev.plinth.api.layer;

import dev.plinth.api.batch.ChatBatches;
import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.chat.ChatRequest;
import dev.plinth.api.chat.ChatResponse;
import dev.plinth.api.chat.ChatStream;
import dev.plinth.api.chat.ForwardingChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.ForwardingEmbeddingModel;
import dev.plinth.api.error.LlmException;
import dev.plinth.api.rerank.ForwardingReranker;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.usage.PriceBook;
import java.util.List;

/**
 * States what answers cost, by a book of prices.
 *
 * <ul>
 *   <li>Answers, streams at their end, embeddings and ranked documents get a cost when the price and the usage are known.
 *       What states its cost already keeps it.
 *   <li>Of several attempts each costs the price of its own model, and the answer, the vectors or the ranks cost as much
 *       as all of them, if they add up to the usage; the attempts of a call that failed are priced, too. What a failed
 *       call used that has no attempts, or a stream that its caller closed, has no cost that anybody knows.
 *   <li>The price is that of the model that says it answered. A name that the book does not list, such as a dated one,
 *       has the price of what was asked for, if the same provider answered and all that may have done it have one price.
 *   <li>The tier of service is the one the answer names, else the one the request asked for; {@link
 *       dev.plinth.api.usage.Price#at} has the price.
 * </ul>
 *
 * <p>It stands at {@link Stage#ROUTE}: around the router and the retries, so that it sees every attempt, and within the
 * caches, so that an answer that nobody was asked for again is not billed again.
 *
 * <pre>{@code
 * Platform platform = Platform.builder().chat("support", openAi).layer(Pricing.by(prices)).build();
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Pricing implements Layer {

    private final PriceBook book;

    private Pricing(PriceBook book) {
        this.book = Check.notNull(book, "book");
    }

    /** A layer that prices by this book. */
    public static Pricing by(PriceBook book) {
        return new Pricing(book);
    }

    @Override
    public Stage stage() {
        return Stage.ROUTE;
    }

    @Override
    public ChatModel around(ChatModel next) {
        return new ForwardingChatModel(next) {
            @Override
            public ChatResponse chat(ChatRequest request) {
                PricedCall call = call(request);
                try {
                    return call.priced(next().chat(request));
                } catch (LlmException failure) {
                    throw call.priced(failure);
                }
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                PricedCall call = call(request);
                try {
                    return new PricedStream(next().stream(request), call);
                } catch (LlmException failure) {
                    throw call.priced(failure);
                }
            }

            private PricedCall call(ChatRequest request) {
                return PricedCall.chat(
                        book,
                        request.serviceTier(),
                        () -> PricedCall.mayAnswer(Routed.endsOf(next()), request.model(), request.context()));
            }
        };
    }

    @Override
    public EmbeddingModel around(EmbeddingModel next) {
        return new ForwardingEmbeddingModel(next) {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                PricedCall call = PricedCall.withoutOutput(
                        book, () -> PricedCall.mayAnswer(Routed.endsOf(next()), request.model(), request.context()));
                try {
                    return call.priced(next().embed(request));
                } catch (LlmException failure) {
                    throw call.priced(failure);
                }
            }
        };
    }

    @Override
    public Reranker around(Reranker next) {
        return new ForwardingReranker(next) {
            @Override
            public RerankResponse rerank(RerankRequest request) {
                PricedCall call = PricedCall.withoutOutput(book, () -> List.of(next().info()));
                try {
                    return call.priced(next().rerank(request));
                } catch (LlmException failure) {
                    throw call.priced(failure);
                }
            }
        };
    }

    /**
     * Batches whose answers state their cost, at {@linkplain dev.plinth.api.usage.Price#batch() the price of batches}; by
     * the model that each names, since results do not say what was asked for.
     */
    public ChatBatches around(ChatBatches next) {
        return new PricedBatches(Check.notNull(next, "next"), book);
    }
}
