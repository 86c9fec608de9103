package dev.plinth.bench;

import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Document;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.retrieve.HybridRetriever;
import dev.plinth.rag.retrieve.ParentRetriever;
import dev.plinth.rag.retrieve.SearchMode;
import dev.plinth.rag.split.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What splitters make of a set whose questions name the ranges of text that answer them, see {@link ChunkingSet}. For
 * each splitter all texts are split and indexed together, and each question finds {@code k} chunks, by vectors alone
 * unless {@code --mode} says otherwise; children are read as their parents.
 *
 * <p>Measured as in Smith and Troynikov, Evaluating Chunking Strategies for Retrieval (Chroma, 2024), but in characters
 * instead of tokens, means over the questions. With E the characters of a question's references and R those of the
 * chunks that were found: recall = |E and R| / |E|, precision = |E and R| / |R|, intersection over union =
 * |E and R| / (|E| + |R| - |E and R|). What two chunks share counts once in |E and R| and twice in |R|, so an overlap
 * costs precision. Smaller chunks gain precision and lose recall at the same {@code k}: compare at like sizes, or look
 * at {@code retrieved}, the mean of |R|.
 */
final class ChunkingCommand implements Command {
    @Override
    public String usage() {
        return "--data DIR [--splitters " + Splitters.ALL + "] (each NAME[:SIZE[:OVERLAP]]) [--k 5]"
                + " [--mode dense|bm25|rrf|weighted] [--model minilm|bge|e5] [--cache FILE]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        ChunkingSet set = ChunkingSet.read(options.requiredPath("data"));
        int k = options.number("k", 5);
        SearchMode mode = SearchMode.valueOf(options.text("mode", "dense").toUpperCase(Locale.ROOT));
        CachedEmbeddings model = new CachedEmbeddings(
                Models.of(options.text("model", "minilm")),
                options.path("cache").orElse(null));
        figures.set("documents", set.documents().size());
        figures.set("questions", set.questions().size());
        figures.set("k", k);
        figures.set("mode", mode.name().toLowerCase(Locale.ROOT));
        figures.set("model", model.info().model());
        for (String name : options.text("splitters", Splitters.ALL).split(",", -1)) {
            System.err.println(name);
            List<Chunk> chunks = split(name, set, model, figures);
            measure(name, set, retriever(chunks, mode, model), k, figures);
            model.save();
        }
    }

    private static List<Chunk> split(String name, ChunkingSet set, CachedEmbeddings model, Figures figures) {
        Splitter splitter = Splitters.of(name, model);
        long start = System.nanoTime();
        List<Chunk> chunks = new ArrayList<>();
        for (Document document : set.documents()) {
            chunks.addAll(splitter.split(document));
            System.err.println("split " + document.id() + ": " + chunks.size() + " chunks so far");
        }
        figures.set(name + ".chunks", chunks.size());
        figures.set(
                name + ".mean_size",
                chunks.stream()
                        .mapToInt(chunk -> chunk.text().length())
                        .average()
                        .orElse(0),
                0);
        figures.set(name + ".split_seconds", (System.nanoTime() - start) / 1e9, 1);
        return chunks;
    }

    private static Retriever retriever(List<Chunk> chunks, SearchMode mode, CachedEmbeddings model) {
        InMemoryIndex index = InMemoryIndex.forModel(model).build();
        Corpus.add(chunks, index, model);
        return ParentRetriever.over(
                HybridRetriever.builder(index, model).mode(mode).build());
    }

    private static void measure(String name, ChunkingSet set, Retriever retriever, int k, Figures figures) {
        double recall = 0;
        double precision = 0;
        double union = 0;
        double retrieved = 0;
        for (ChunkingSet.Question question : set.questions()) {
            List<Chunk> found = retriever.retrieve(RetrievalRequest.of(question.text(), k)).matches().stream()
                    .map(Match::chunk)
                    .toList();
            ChunkingSet.Overlap overlap = ChunkingSet.overlap(question, found);
            recall += overlap.recall();
            precision += overlap.precision();
            union += overlap.intersectionOverUnion();
            retrieved += overlap.retrieved();
        }
        int count = set.questions().size();
        figures.set(name + ".retrieved", retrieved / count, 0);
        figures.set(name + ".recall", recall / count, 4);
        figures.set(name + ".precision", precision / count, 4);
        figures.set(name + ".iou", union / count, 4);
    }
}
