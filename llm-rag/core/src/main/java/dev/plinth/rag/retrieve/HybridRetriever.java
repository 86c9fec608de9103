package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.InMemoryIndex;
import java.util.List;

/**
 * Finds chunks by vector and by words, and joins both lists.
 *
 * <pre>{@code
 * Retriever retriever = HybridRetriever.over(index, model);
 * List<Match> found = retriever.retrieve(RetrievalRequest.of("How do I reset my password?", 5)).matches();
 * }</pre>
 *
 * <p>Defaults: {@link SearchMode#WEIGHTED} with equal weights, each list 100 long (or k, if that is more). Filters go
 * into both searches. Neither mode wins on all data: measure on your own questions.
 *
 * <p>Thread-safe if its parts are. Errors are those of the model and the stores.
 */
public final class HybridRetriever implements Retriever {
    private final VectorStore vectors;
    private final TextIndex texts;
    private final EmbeddingModel model;
    private final String name;
    private final SearchMode mode;
    private final double vectorWeight;
    private final int depth;

    private HybridRetriever(Builder builder) {
        this.vectors = builder.vectors;
        this.texts = builder.texts;
        this.model = builder.model;
        this.name = builder.name;
        this.mode = builder.mode;
        this.vectorWeight = builder.vectorWeight;
        this.depth = builder.depth;
    }

    /** The default over an index in memory. */
    public static HybridRetriever over(InMemoryIndex index, EmbeddingModel model) {
        return builder(index, index, model).build();
    }

    /**
     * A builder over any two stores that hold the same chunks.
     *
     * @throws IllegalArgumentException if the store holds vectors of another model
     */
    public static Builder builder(VectorStore vectors, TextIndex texts, EmbeddingModel model) {
        String held = vectors.stamp().model();
        Check.that(held.equals(model.info().model()), "model", model.info().model(), held + ", whose vectors are held");
        return new Builder(vectors, texts, model);
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        int length = Math.max(depth, request.k());
        List<Match> matches = switch (mode) {
            case DENSE -> byVector(request, request.k());
            case BM25 -> byWords(request, request.k());
            case RRF -> Fusion.reciprocalRank(byVector(request, length), byWords(request, length), request.k());
            case WEIGHTED ->
                Fusion.weighted(byVector(request, length), vectorWeight, byWords(request, length), request.k());
        };
        return new Retrieval(request.query(), matches);
    }

    @Override
    public String name() {
        return name;
    }

    private List<Match> byVector(RetrievalRequest request, int k) {
        EmbeddingRequest embedding = EmbeddingRequest.builder(List.of(request.query()), InputType.QUERY)
                .context(request.context())
                .build();
        float[] vector = model.embed(embedding).vectors().get(0);
        return vectors.search(new VectorQuery(vector, k, request.filter()));
    }

    private List<Match> byWords(RetrievalRequest request, int k) {
        return texts.search(new TextQuery(request.query(), k, request.filter()));
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final VectorStore vectors;
        private final TextIndex texts;
        private final EmbeddingModel model;
        private String name = "index";
        private SearchMode mode = SearchMode.WEIGHTED;
        private double vectorWeight = 0.5;
        private int depth = 100;

        private Builder(VectorStore vectors, TextIndex texts, EmbeddingModel model) {
            this.vectors = vectors;
            this.texts = texts;
            this.model = model;
        }

        /** What the retriever is called in traces. */
        public Builder name(String name) {
            this.name = Check.notBlank(name, "name");
            return this;
        }

        /** Which lists are asked for and how they are joined. */
        public Builder mode(SearchMode mode) {
            this.mode = Check.notNull(mode, "mode");
            return this;
        }

        /** The weight of the vectors' scores in {@link SearchMode#WEIGHTED}, 0 to 1; the words' is the rest. */
        public Builder vectorWeight(double weight) {
            this.vectorWeight = Check.within(weight, 0, 1, "vectorWeight");
            return this;
        }

        /** How long each list is before they are joined. */
        public Builder depth(int depth) {
            this.depth = Check.positive(depth, "depth");
            return this;
        }

        /** The retriever. */
        public HybridRetriever build() {
            return new HybridRetriever(this);
        }
    }
}
