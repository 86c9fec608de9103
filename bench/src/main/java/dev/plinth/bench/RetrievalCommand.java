package dev.plinth.bench;

import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.retrieve.HybridRetriever;
import dev.plinth.rag.retrieve.SearchMode;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Retrieval quality on a set with relevance judgements, see {@link IrSet}. */
final class RetrievalCommand implements Command {
    private static final int DEPTH = 100;
    private static final int BATCH = 64;

    @Override
    public String usage() {
        return "--data DIR [--modes dense,bm25,rrf,weighted] [--model minilm|bge|e5] [--cache FILE]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        IrSet set = IrSet.read(options.requiredPath("data"));
        CachedEmbeddings model = new CachedEmbeddings(
                Models.of(options.text("model", "minilm")),
                options.path("cache").orElse(null));
        InMemoryIndex index = index(set, model);
        model.save();
        figures.set("passages", set.passages().size());
        figures.set("queries", set.queries().size());
        figures.set("sample", set.sampled() ? "sample-2000.txt" : "all");
        figures.set("model", model.info().model());
        for (String name : options.text("modes", "dense,bm25,rrf,weighted").split(",", -1)) {
            SearchMode mode = SearchMode.valueOf(name.trim().toUpperCase(Locale.ROOT));
            measure(name.trim(), mode, set, index, model, figures);
        }
        model.save();
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

    private static void measure(
            String name, SearchMode mode, IrSet set, InMemoryIndex index, CachedEmbeddings model, Figures figures) {
        Retriever retriever =
                HybridRetriever.builder(index, index, model).mode(mode).build();
        double ndcg = 0;
        double recall10 = 0;
        double recall100 = 0;
        for (IrSet.Query query : set.queries()) {
            List<String> ranking = retriever.retrieve(RetrievalRequest.of(query.text(), DEPTH)).matches().stream()
                    .map(match -> match.chunk().id())
                    .toList();
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
