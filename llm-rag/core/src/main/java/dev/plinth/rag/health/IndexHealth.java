package dev.plinth.rag.health;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.ForwardingRetriever;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.api.time.TimeSource;
import dev.plinth.rag.health.Questions.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Watches an index: how fresh it is, what could not be brought in, how much a search finds of what is really nearest, how
 * often nothing is found, and whether questions have moved away from the documents.
 *
 * <pre>{@code
 * IndexHealth health = IndexHealth.builder(index, index, model).build();
 * Retriever watched = health.watch(retriever);
 * Map<String, Double> figures = health.measure().figures();
 * }</pre>
 *
 * <p>It keeps the texts and vectors of the first and of the most recent 200 questions in memory, nowhere else, and
 * embeds those it has not embedded yet when it measures. A measurement of the recall walks through the whole store
 * once: minutes for millions of chunks. Call {@link #measure} on a schedule of your own; it owns no thread.
 *
 * <p>Thread-safe.
 */
public final class IndexHealth {
    private final VectorStore store;
    private final Ledger ledger;
    private final EmbeddingModel model;
    private final int depth;
    private final TimeSource time;
    private final Questions questions;
    private final AtomicLong retrievals = new AtomicLong();
    private final AtomicLong empty = new AtomicLong();

    private IndexHealth(Builder builder) {
        this.store = builder.store;
        this.ledger = builder.ledger;
        this.model = builder.model;
        this.depth = builder.depth;
        this.time = builder.time;
        this.questions = new Questions(builder.window);
    }

    /**
     * A builder.
     *
     * @param store what is searched
     * @param ledger what is known of its documents
     * @param model whose vectors the store holds
     */
    public static Builder builder(VectorStore store, Ledger ledger, EmbeddingModel model) {
        String held = store.stamp().model();
        Check.that(held.equals(model.info().model()), "model", model.info().model(), held + ", whose vectors are held");
        return new Builder(store, ledger, model);
    }

    /** The same retriever, watched. */
    public Retriever watch(Retriever retriever) {
        return new ForwardingRetriever(retriever) {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                Retrieval retrieval = super.retrieve(request);
                retrievals.incrementAndGet();
                if (retrieval.matches().isEmpty()) {
                    empty.incrementAndGet();
                }
                questions.add(request.query());
                return retrieval;
            }
        };
    }

    /** Measures now, on the calling thread. */
    public HealthReport measure() {
        Instant now = time.now();
        List<float[]> first = embed(questions.first());
        List<float[]> recent = embed(questions.recent());
        boolean searchable = store.size() > 0;
        return new HealthReport(
                now,
                store.size(),
                ledger.sources().stream()
                        .map(source -> sourceHealth(source, now))
                        .toList(),
                retrievals.get(),
                empty.get(),
                searchable && !recent.isEmpty() ? RecallEstimate.of(store, recent, depth) : Optional.empty(),
                searchable && questions.areTwoWindows()
                        ? Optional.of(QueryDrift.of(store, first, recent))
                        : Optional.empty());
    }

    /** Their vectors; only questions without one are embedded. */
    private List<float[]> embed(List<Question> questions) {
        List<Question> fresh =
                questions.stream().filter(question -> question.vector() == null).toList();
        if (!fresh.isEmpty()) {
            List<String> texts = fresh.stream().map(Question::text).toList();
            List<float[]> vectors = model.embed(
                            EmbeddingRequest.builder(texts, InputType.QUERY).build())
                    .vectors();
            for (int i = 0; i < vectors.size(); i++) {
                fresh.get(i).vector(vectors.get(i));
            }
        }
        List<float[]> vectors = new ArrayList<>();
        for (Question question : questions) {
            float[] vector = question.vector();
            if (vector != null) {
                vectors.add(vector);
            }
        }
        return vectors;
    }

    private HealthReport.SourceHealth sourceHealth(String source, Instant now) {
        LongAdder stored = new LongAdder();
        LongAdder failed = new LongAdder();
        LongAdder unfinished = new LongAdder();
        ledger.forEachPage(source, page -> {
            for (Ledger.Entry entry : page.values()) {
                stored.add(entry.stored() != null ? 1 : 0);
                failed.add(entry.failure() != null ? 1 : 0);
                unfinished.add(entry.pending() != null ? 1 : 0);
            }
        });
        Optional<Duration> age = ledger.checkpoint(source).map(checkpoint -> Duration.between(checkpoint.at(), now));
        return new HealthReport.SourceHealth(source, stored.sum(), failed.sum(), unfinished.sum(), age);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final VectorStore store;
        private final Ledger ledger;
        private final EmbeddingModel model;
        private int depth = 10;
        private int window = 200;
        private TimeSource time = TimeSource.system();

        private Builder(VectorStore store, Ledger ledger, EmbeddingModel model) {
            this.store = Check.notNull(store, "store");
            this.ledger = Check.notNull(ledger, "ledger");
            this.model = Check.notNull(model, "model");
        }

        /** How many chunks a search asks for when the recall is measured; 10 by default. */
        public Builder depth(int chunks) {
            this.depth = Check.positive(chunks, "depth");
            return this;
        }

        /** How many questions are kept of the first and of the most recent ones; 200 by default. */
        public Builder window(int questions) {
            this.window = Check.positive(questions, "window");
            return this;
        }

        /** Where the time comes from. */
        public Builder time(TimeSource time) {
            this.time = Check.notNull(time, "time");
            return this;
        }

        /** The watch. */
        public IndexHealth build() {
            return new IndexHealth(this);
        }
    }
}
