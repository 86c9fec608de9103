package dev.plinth.api.tck;

import dev.plinth.api.context.CallContext;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.EmbeddingResponse;
import dev.plinth.api.model.ModelInfo;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.RerankResponse.Ranked;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeReranker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Faults that embedding models and rerankers really have, and the tests that catch them. */
class BrokenModelsTest {
    abstract static class Embedding implements EmbeddingModel {
        final FakeEmbeddingModel model = FakeEmbeddingModel.create();

        @Override
        public ModelInfo info() {
            return model.info();
        }

        @Override
        public OptionalInt dimensions() {
            return model.dimensions();
        }
    }

    static class MixesUpTheOrder extends EmbeddingModelContract {
        @Override
        protected EmbeddingModel model() {
            return new Embedding() {
                @Override
                public EmbeddingResponse embed(EmbeddingRequest request) {
                    EmbeddingResponse response = model.embed(request);
                    List<float[]> vectors = new ArrayList<>(response.vectors());
                    Collections.reverse(vectors);
                    return new EmbeddingResponse(vectors, response.model(), response.usage());
                }
            };
        }
    }

    @Test
    void order() {
        ContractRun.fails(MixesUpTheOrder.class, "oneVectorForEachTextInOrder", "takesManyTextsInOneCall");
    }

    static class DropsEqualTexts extends EmbeddingModelContract {
        @Override
        protected EmbeddingModel model() {
            return new Embedding() {
                @Override
                public EmbeddingResponse embed(EmbeddingRequest request) {
                    List<String> distinct =
                            request.texts().stream().distinct().limit(128).toList();
                    return model.embed(EmbeddingRequest.builder(distinct, request.inputType())
                            .build());
                }
            };
        }
    }

    @Test
    void equalTextsBatchLimitAndDimensions() {
        ContractRun.fails(
                DropsEqualTexts.class, "oneVectorForEachTextInOrder", "takesManyTextsInOneCall", "lengthCanBeChosen");
    }

    static class HandsOutItsCache extends EmbeddingModelContract {
        @Override
        protected EmbeddingModel model() {
            return new Embedding() {
                private final Map<List<String>, EmbeddingResponse> cache = new ConcurrentHashMap<>();

                @Override
                public EmbeddingResponse embed(EmbeddingRequest request) {
                    return cache.computeIfAbsent(request.texts(), texts -> model.embed(request));
                }
            };
        }
    }

    @Test
    void sharedArrays() {
        ContractRun.fails(HandsOutItsCache.class, "vectorsBelongToTheCaller");
    }

    static class ForgetsTheContext extends EmbeddingModelContract {
        @Override
        protected EmbeddingModel model() {
            return new Embedding() {
                @Override
                public EmbeddingResponse embed(EmbeddingRequest request) {
                    Thread.interrupted();
                    return model.embed(
                            request.toBuilder().context(CallContext.EMPTY).build());
                }
            };
        }
    }

    @Test
    void deadlineAndInterrupt() {
        ContractRun.fails(ForgetsTheContext.class, "deadlineThatHasPassedIsRefused", "interruptedCallerIsRefused");
    }

    static class InOrderOfTheDocuments extends RerankerContract {
        @Override
        protected Reranker reranker() {
            FakeReranker sound = FakeReranker.create();
            return new Reranker() {
                @Override
                public RerankResponse rerank(RerankRequest request) {
                    RerankRequest all = RerankRequest.of(request.query(), request.documents(), 100);
                    RerankResponse response = sound.rerank(all.in(request.context()));
                    List<Ranked> ranked = new ArrayList<>(response.ranked());
                    ranked.sort((one, other) -> Integer.compare(one.index(), other.index()));
                    return new RerankResponse(ranked, response.model(), response.usage());
                }

                @Override
                public ModelInfo info() {
                    return sound.info();
                }
            };
        }
    }

    @Test
    void rerankerThatDoesNotSortAndIgnoresTop() {
        ContractRun.fails(
                InOrderOfTheDocuments.class,
                "ranksEveryDocumentOnceBestFirst",
                "returnsTheTopOnly",
                "relevantDocumentComesFirst");
    }
}
