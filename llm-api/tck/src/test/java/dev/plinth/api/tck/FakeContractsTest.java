package dev.plinth.api.tck;

import dev.plinth.api.cache.ResponseCache;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.feedback.FeedbackStore;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.testkit.FakeEmbeddingModel;
import dev.plinth.api.testkit.FakeFeedbackStore;
import dev.plinth.api.testkit.FakeLedger;
import dev.plinth.api.testkit.FakeReranker;
import dev.plinth.api.testkit.FakeResponseCache;
import dev.plinth.api.testkit.FakeTextIndex;
import dev.plinth.api.testkit.FakeVectorStore;
import dev.plinth.api.time.TimeSource;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** The fakes of the test kit keep the contracts. */
class FakeContractsTest {
    @Nested
    class Embedding extends EmbeddingModelContract {
        @Override
        protected EmbeddingModel model() {
            return FakeEmbeddingModel.create();
        }
    }

    @Nested
    class Batches extends ChatBatchesContract {
        @Override
        protected BatchProvider provider() {
            return new FakeBatchProvider(client -> client);
        }
    }

    @Nested
    class Reranking extends RerankerContract {
        @Override
        protected Reranker reranker() {
            return FakeReranker.create();
        }
    }

    @Nested
    class Vectors extends VectorStoreContract {
        @Override
        protected VectorStore open(VectorStore.Stamp stamp) {
            return FakeVectorStore.create(stamp.model(), stamp.dimensions());
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE, Behavior.TENANTS);
        }
    }

    @Nested
    class Documents extends LedgerContract {
        @Override
        protected Ledger open() {
            return FakeLedger.create();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE);
        }
    }

    @Nested
    class Sources extends ConnectorContract {
        @Override
        protected DocumentSource source() {
            return new FakeDocumentSource(source -> source);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return FakeDocumentSource.GAPS;
        }
    }

    @Nested
    class Texts extends TextIndexContract {
        @Override
        protected TextIndex open() {
            return FakeTextIndex.create();
        }
    }

    @Nested
    class Cache extends ResponseCacheContract {
        @Override
        protected ResponseCache open(TimeSource time) {
            return FakeResponseCache.create(time);
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE);
        }
    }

    @Nested
    class Feedback extends FeedbackStoreContract {
        @Override
        protected FeedbackStore open() {
            return FakeFeedbackStore.create();
        }

        @Override
        protected Set<Behavior> unsupported() {
            return Set.of(Behavior.DURABLE);
        }
    }
}
