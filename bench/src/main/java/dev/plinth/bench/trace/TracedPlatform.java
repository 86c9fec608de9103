package dev.plinth.bench.trace;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.embedding.EmbeddingLimits;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.error.OverloadedException;
import dev.plinth.api.layer.Layer;
import dev.plinth.api.layer.Platform;
import dev.plinth.api.layer.Pricing;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.usage.Usage;
import dev.plinth.bench.trace.BusyModel.Temper;
import dev.plinth.cache.CaffeineResponseCache;
import dev.plinth.cache.ResponseCaching;
import dev.plinth.governance.guardrails.Masking;
import dev.plinth.providers.embedding.EmbeddingBatches;
import dev.plinth.providers.retry.Retries;
import dev.plinth.providers.route.Deployment;
import dev.plinth.providers.route.Router;
import dev.plinth.tracing.cost.CostLedger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/** A platform with every layer there is, over models that are busy and fail. */
final class TracedPlatform {

    private TracedPlatform() {}

    static Platform of(Layer tracing, CostLedger ledger, Truth truth) {
        return Platform.builder()
                .chat("good", new BusyModel("good", Temper.GOOD, truth))
                .chat("bad", new BusyModel("bad", Temper.FAILS_ALWAYS, truth))
                .chat("moody", new BusyModel("moody", Temper.FAILS_BY_TURNS, truth))
                .chat("breaking", new BusyModel("breaking", Temper.BREAKS_MIDWAY, truth))
                .chat("routed", routed(truth))
                .embedding("vectors", new Vectors())
                .reranker("order", new Order())
                .layer(tracing)
                .layer(ledger.layer())
                .layer(Pricing.by((provider, model) -> Optional.of(BusyModel.PRICE)))
                .layer(Masking.layer())
                .layer(ResponseCaching.builder(CaffeineResponseCache.ofEntries(10_000))
                        .build())
                .layer(EmbeddingBatches.sequential().within(EmbeddingLimits.NONE.withTexts(2)))
                .layer(Retries.builder()
                        .backoff(Duration.ofNanos(1_000), Duration.ofNanos(10_000))
                        .budget(1, 1_000_000)
                        .build())
                .build();
    }

    private static ChatModel routed(Truth truth) {
        return Router.builder()
                .deployment(Deployment.of("first", new BusyModel("first", Temper.FAILS_BY_TURNS, truth)))
                .deployment(Deployment.of("second", new BusyModel("second", Temper.GOOD, truth)))
                .build();
    }

    /** Searches by the vectors of a model, which is a call within. */
    static Retriever retriever(EmbeddingModel vectors) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                BusyModel.pause();
                vectors.embed(EmbeddingRequest.builder(List.of(request.query(), "b", "c"), InputType.QUERY)
                        .build());
                return new Retrieval(request.query(), List.of());
            }

            @Override
            public String name() {
                return "docs";
            }
        };
    }

    /** Of two calls the first fails, and is paid all the same. */
    private static void failByTurns(AtomicLong calls) {
        BusyModel.pause();
        if (calls.getAndIncrement() % 2 == 0) {
            throw new OverloadedException("model: busy (expected: room)").setPartial("", seven());
        }
    }

    private static Usage seven() {
        return Usage.builder()
                .input(7)
                .cachedInput(0)
                .cacheWrite(0)
                .output(0)
                .reasoning(0)
                .build();
    }

    private static final class Vectors implements EmbeddingModel {
        private final AtomicLong calls = new AtomicLong();

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            failByTurns(calls);
            List<float[]> vectors =
                    request.texts().stream().map(text -> new float[] {1, 0}).toList();
            return new EmbeddingResponse(vectors, "vectors-2026", seven());
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("bench", "vectors");
        }

        @Override
        public OptionalInt dimensions() {
            return OptionalInt.of(2);
        }
    }

    private static final class Order implements Reranker {
        private final AtomicLong calls = new AtomicLong();

        @Override
        public RerankResponse rerank(RerankRequest request) {
            failByTurns(calls);
            return new RerankResponse(List.of(new RerankResponse.Ranked(0, 0.5)), "order-2026", seven());
        }

        @Override
        public ModelInfo info() {
            return ModelInfo.local("bench", "order");
        }
    }
}
