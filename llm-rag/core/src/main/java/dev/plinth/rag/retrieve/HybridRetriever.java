package dev.plinth.rag.retrieve;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.Filter;
import dev.plinth.api.retrieval.Grants;
import dev.plinth.api.retrieval.HybridIndex;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Readers;
import dev.plinth.api.retrieval.Retrieval;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.api.retrieval.TextIndex;
import dev.plinth.api.retrieval.TextQuery;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.query.QueryTransform;
import dev.plinth.rag.query.Search;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds chunks by vector and by words, and joins both lists.
 *
 * <pre>{@code
 * Retriever retriever = HybridRetriever.over(index, model);
 * List<Match> found = retriever.retrieve(RetrievalRequest.of("How do I reset my password?", 5)).matches();
 * }</pre>
 *
 * <p>Defaults: {@link SearchMode#WEIGHTED} with equal weights, each list 100 long (or k, if that is more). Filters go
 * into both searches. Only what the caller may read is found: the condition on the {@link Readers} of a chunk is part
 * of the searches themselves, and a chunk that names no readers is found by nobody. Neither mode wins on all data:
 * measure on your own questions.
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
    private final Grants grants;
    private final QueryTransform queries;

    private HybridRetriever(Builder builder) {
        this.vectors = builder.vectors;
        this.texts = builder.texts;
        this.model = builder.model;
        this.name = builder.name;
        this.mode = builder.mode;
        this.vectorWeight = builder.vectorWeight;
        this.depth = builder.depth;
        this.grants = builder.grants;
        this.queries = builder.queries;
    }

    /** The default over an index that searches both ways. */
    public static HybridRetriever over(HybridIndex index, EmbeddingModel model) {
        return builder(index, model).build();
    }

    /**
     * A builder over an index that searches both ways.
     *
     * @throws IllegalArgumentException if the index holds vectors of another model
     */
    public static Builder builder(HybridIndex index, EmbeddingModel model) {
        return builder(index, index, model);
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

    /** The context is made current: stores look there for its deadline. */
    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        return request.context().call(() -> find(request));
    }

    private Retrieval find(RetrievalRequest request) {
        Filter filter = filter(request);
        List<Search> searches = queries.searches(request).stream()
                .filter(search -> search.words() != null || mode != SearchMode.BM25)
                .toList();
        Iterator<float[]> meanings = embed(searches, request).iterator();
        List<List<Match>> found = new ArrayList<>();
        int each = searches.size() == 1 ? request.k() : Math.max(depth, request.k());
        for (Search search : searches) {
            found.add(find(search, meanings, each, filter));
        }
        List<Match> matches = found.size() == 1 ? found.get(0) : Fusion.reciprocalRank(found, request.k());
        List<String> asked = searches.stream()
                .flatMap(search -> Stream.ofNullable(search.words()))
                .distinct()
                .toList();
        return new Retrieval(asked, matches);
    }

    @Override
    public String name() {
        return name;
    }

    /** Both lists for the question as it was asked, before they are joined. */
    HybridIndex.Both lists(RetrievalRequest request) {
        return request.context().call(() -> {
            Search search = Search.of(request.query());
            float[] meaning = embed(List.of(search), InputType.QUERY, request).get(0);
            return both(request.query(), meaning, Math.max(depth, request.k()), filter(request));
        });
    }

    double vectorWeight() {
        return vectorWeight;
    }

    private Filter filter(RetrievalRequest request) {
        return Readers.filter(grants.of(request.context())).and(request.filter());
    }

    private List<Match> find(Search search, Iterator<float[]> meanings, int k, Filter filter) {
        String words = search.words();
        if (words == null || mode == SearchMode.DENSE) {
            return vectors.search(new VectorQuery(meanings.next(), k, filter));
        }
        if (mode == SearchMode.BM25) {
            return texts.search(new TextQuery(words, k, filter));
        }
        HybridIndex.Both both = both(words, meanings.next(), Math.max(depth, k), filter);
        return mode == SearchMode.RRF
                ? Fusion.reciprocalRank(List.of(both.byVector(), both.byWords()), k)
                : Fusion.weighted(both.byVector(), vectorWeight, both.byWords(), k);
    }

    private HybridIndex.Both both(String words, float[] meaning, int k, Filter filter) {
        VectorQuery vector = new VectorQuery(meaning, k, filter);
        TextQuery text = new TextQuery(words, k, filter);
        return vectors instanceof HybridIndex index && vectors == texts
                ? index.search(vector, text)
                : new HybridIndex.Both(vectors.search(vector), texts.search(text));
    }

    /** In the order of the searches, with one call for each type there is. */
    private List<float[]> embed(List<Search> searches, RetrievalRequest request) {
        float[][] meanings = new float[searches.size()][];
        for (InputType type : mode == SearchMode.BM25 ? new InputType[0] : InputType.values()) {
            List<Integer> places = IntStream.range(0, searches.size())
                    .filter(i -> searches.get(i).type() == type)
                    .boxed()
                    .toList();
            List<Search> alike = places.stream().map(searches::get).toList();
            List<float[]> embedded = alike.isEmpty() ? List.of() : embed(alike, type, request);
            for (int i = 0; i < embedded.size(); i++) {
                meanings[places.get(i)] = embedded.get(i);
            }
        }
        return Arrays.asList(meanings);
    }

    private List<float[]> embed(List<Search> searches, InputType type, RetrievalRequest request) {
        List<String> texts = searches.stream().map(Search::meaning).toList();
        return model.embed(EmbeddingRequest.builder(texts, type)
                        .context(request.context())
                        .build())
                .vectors();
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
        private Grants grants = Grants.ofPrincipal();
        private QueryTransform queries = QueryTransform.none();

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

        /** Under which names a caller reads; {@link Grants#ofPrincipal} by default. */
        public Builder grants(Grants grants) {
            this.grants = Check.notNull(grants, "grants");
            return this;
        }

        /**
         * What is really searched for a question; the question itself by default. What several searches find is joined
         * by reciprocal rank fusion. Show with {@link dev.plinth.rag.quality.RetrievalTrial} that it helps.
         */
        public Builder queries(QueryTransform queries) {
            this.queries = Check.notNull(queries, "queries");
            return this;
        }

        /** The retriever. */
        public HybridRetriever build() {
            return new HybridRetriever(this);
        }
    }
}
