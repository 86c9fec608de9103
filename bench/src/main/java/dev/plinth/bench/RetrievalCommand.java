package dev.plinth.bench;

import dev.plinth.api.check.Check;
import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.rerank.RerankRequest;
import dev.plinth.api.rerank.RerankResponse;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.providers.onnx.OnnxReranker;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.retrieve.HybridRetriever;
import dev.plinth.rag.retrieve.SearchMode;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Retrieval quality on a set with relevance judgements, see {@link IrSet}; with {@code --rerank late} also after late
 * interaction over the same model has put the first 50 in order anew.
 */
final class RetrievalCommand implements Command {
    private static final int DEPTH = 100;
    private static final int RERANKED = 50;
    private static final int BATCH = 64;

    @Override
    public String usage() {
        return "--data DIR [--modes dense,bm25,rrf,weighted] [--model minilm|bge|e5] [--rerank late] [--cache FILE]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        IrSet set = IrSet.read(options.requiredPath("data"));
        String modelName = options.text("model", "minilm");
        CachedEmbeddings model =
                new CachedEmbeddings(Models.of(modelName), options.path("cache").orElse(null));
        InMemoryIndex index = index(set, model);
        model.save();
        figures.set("passages", set.passages().size());
        figures.set("queries", set.queries().size());
        figures.set("sample", set.sampled() ? "sample-2000.txt" : "all");
        figures.set("model", model.info().model());
        try (OnnxReranker reranker = reranker(options, modelName)) {
            for (String name : options.text("modes", "dense,bm25,rrf,weighted").split(",", -1)) {
                SearchMode mode = SearchMode.valueOf(name.trim().toUpperCase(Locale.ROOT));
                Retriever retriever =
                        HybridRetriever.builder(index, index, model).mode(mode).build();
                measure(name.trim(), set, query -> search(retriever, query), figures);
                if (reranker != null) {
                    long start = System.nanoTime();
                    measure(
                            name.trim() + "+late",
                            set,
                            query -> rerank(reranker, query, search(retriever, query)),
                            figures);
                    double millis = (System.nanoTime() - start) / 1e6;
                    figures.set(
                            name.trim() + "+late.ms/query",
                            millis / set.queries().size(),
                            1);
                }
            }
        }
        model.save();
    }

    private static @Nullable OnnxReranker reranker(Options options, String model) {
        String wanted = options.text("rerank", "");
        Check.that(wanted.isEmpty() || wanted.equals("late"), "--rerank", wanted, "late");
        return wanted.isEmpty() ? null : OnnxReranker.lateInteraction(Models.packaged(model));
    }

    static InMemoryIndex index(IrSet set, CachedEmbeddings model) {
        InMemoryIndex index = InMemoryIndex.forModel(model).build();
        add(set.passages(), index, model);
        List<String> questions = set.queries().stream().map(IrSet.Query::text).toList();
        for (int from = 0; from < questions.size(); from += BATCH) {
            List<String> batch = questions.subList(from, Math.min(questions.size(), from + BATCH));
            model.embed(EmbeddingRequest.builder(batch, InputType.QUERY).build());
        }
        System.err.println("embedded anew: " + model.embedded() + " texts");
        return index;
    }

    static void add(List<Chunk> passages, InMemoryIndex index, CachedEmbeddings model) {
        for (int from = 0; from < passages.size(); from += BATCH) {
            List<Chunk> batch = passages.subList(from, Math.min(passages.size(), from + BATCH));
            List<float[]> vectors =
                    model.embedDocuments(batch.stream().map(SearchText::of).toList());
            List<Embedded> embedded = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                embedded.add(new Embedded(batch.get(i), vectors.get(i)));
            }
            index.upsert(embedded);
            if (from / BATCH % 10 == 0) {
                System.err.println("indexed " + index.size() + " of " + passages.size());
            }
        }
    }

    private static List<Chunk> search(Retriever retriever, String query) {
        return retriever.retrieve(RetrievalRequest.of(query, DEPTH)).matches().stream()
                .map(Match::chunk)
                .toList();
    }

    private static List<Chunk> rerank(Reranker reranker, String query, List<Chunk> found) {
        List<Chunk> first = found.subList(0, Math.min(RERANKED, found.size()));
        if (first.isEmpty()) {
            return found;
        }
        List<String> texts = first.stream().map(SearchText::of).toList();
        List<Chunk> chunks = new ArrayList<>();
        for (RerankResponse.Ranked ranked :
                reranker.rerank(RerankRequest.of(query, texts, RERANKED)).ranked()) {
            chunks.add(first.get(ranked.index()));
        }
        chunks.addAll(found.subList(first.size(), found.size()));
        return chunks;
    }

    private static void measure(String name, IrSet set, Function<String, List<Chunk>> search, Figures figures) {
        double ndcg = 0;
        double recall10 = 0;
        double recall100 = 0;
        for (IrSet.Query query : set.queries()) {
            List<String> ranking =
                    search.apply(query.text()).stream().map(Chunk::id).toList();
            ndcg += IrMetrics.ndcg(ranking, query.relevant(), 10);
            recall10 += IrMetrics.recall(ranking, query.relevant(), 10);
            recall100 += IrMetrics.recall(ranking, query.relevant(), DEPTH);
        }
        int count = set.queries().size();
        figures.set(name + ".ndcg@10", ndcg / count, 4);
        figures.set(name + ".recall@10", recall10 / count, 4);
        figures.set(name + ".recall@100", recall100 / count, 4);
    }
}
