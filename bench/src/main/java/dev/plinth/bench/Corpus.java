package dev.plinth.bench;

import dev.plinth.api.embedding.EmbeddingRequest;
import dev.plinth.api.embedding.InputType;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.text.SearchText;
import java.util.ArrayList;
import java.util.List;

/** Brings the passages of a set into an index, batch by batch. */
final class Corpus {
    private static final int BATCH = 64;

    private Corpus() {}

    /** An index of all passages; the questions are embedded too, so that no measuring has to. */
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
}
