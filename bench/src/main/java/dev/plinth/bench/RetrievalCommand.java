package dev.plinth.bench;

import dev.plinth.api.chat.ChatModel;
import dev.plinth.api.check.Check;
import dev.plinth.api.rerank.Reranker;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.RetrievalRequest;
import dev.plinth.api.retrieval.Retriever;
import dev.plinth.providers.onnx.OnnxReranker;
import dev.plinth.providers.openai.OpenAi;
import dev.plinth.providers.openai.Preset;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.quality.Gain;
import dev.plinth.rag.quality.Judgement;
import dev.plinth.rag.quality.RankMetrics;
import dev.plinth.rag.quality.RetrievalTrial;
import dev.plinth.rag.query.HypotheticalDocument;
import dev.plinth.rag.query.MultiQuery;
import dev.plinth.rag.query.QueryDecomposition;
import dev.plinth.rag.query.QueryRewriting;
import dev.plinth.rag.query.QueryTransform;
import dev.plinth.rag.retrieve.Diversity;
import dev.plinth.rag.retrieve.HybridRetriever;
import dev.plinth.rag.retrieve.RefinedRetriever;
import dev.plinth.rag.retrieve.Reranking;
import dev.plinth.rag.retrieve.SearchMode;
import dev.plinth.rag.retrieve.VectorWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Retrieval quality on a set with relevance judgements, see {@link IrSet}.
 *
 * <p>Modes: {@code default}, what a user gets who sets nothing; {@code dense}, {@code bm25}, {@code rrf},
 * {@code weighted}; {@code tuned}, the weight chosen on these judgements, its gain cross-validated; {@code mmr}, the
 * default made diverse; and, with {@code --chat} the address of a server that speaks OpenAI's protocol, {@code rewrite},
 * {@code multi-query}, {@code decompose} and {@code hyde}. For what is off by default, the gain over the default is
 * printed with its interval.
 *
 * <p>With {@code --rerank late}, every mode is measured again after late interaction over the same model has put the
 * first 50 in order anew: in its own order, {@code +late}, and as half of the score, {@code +late.5}. What the model
 * made of the last {@code --keep} passages is kept, so the time a query takes holds few readings of passages.
 */
final class RetrievalCommand implements Command {
    private static final int DEPTH = 100;
    private static final int TOP = 10;
    private static final int RERANKED = 50;

    @Override
    public String usage() {
        return "--data DIR [--modes default,dense,bm25,rrf,weighted,tuned,mmr,rewrite,multi-query,decompose,hyde]"
                + " [--model e5|bge|minilm] [--rerank late] [--keep 4000] [--chat URL] [--queries N] [--cache FILE]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        IrSet set = IrSet.read(options.requiredPath("data")).first(options.number("queries", Integer.MAX_VALUE));
        String modelName = options.text("model", "e5");
        CachedEmbeddings model =
                new CachedEmbeddings(Models.of(modelName), options.path("cache").orElse(null));
        InMemoryIndex index = Corpus.index(set, model);
        model.save();
        figures.set("passages", set.passages().size());
        figures.set("queries", set.queries().size());
        figures.set("sample", set.sampled() ? "sample-2000.txt" : "all");
        figures.set("model", model.info().model());
        try (OnnxReranker reranker = reranker(options, modelName);
                OpenAi server = server(options)) {
            ChatModel chat = server == null ? null : server.chatModel("model");
            Run run = new Run(set, index, model, figures, chat);
            for (String mode : options.text("modes", "default,dense,bm25,rrf,weighted,tuned,mmr")
                    .split(",", -1)) {
                run.measure(mode.trim(), reranker);
            }
        }
        model.save();
    }

    private static @Nullable OnnxReranker reranker(Options options, String model) {
        String wanted = options.text("rerank", "");
        Check.that(wanted.isEmpty() || wanted.equals("late"), "--rerank", wanted, "late");
        return wanted.isEmpty()
                ? null
                : OnnxReranker.builder(Models.packaged(model))
                        .keepDocuments(options.number("keep", 4000))
                        .threadsPerRun(2)
                        .build();
    }

    private static @Nullable OpenAi server(Options options) {
        return options.text("chat")
                .map(url -> OpenAi.builder(Preset.LLAMA_CPP).baseUrl(url).build())
                .orElse(null);
    }

    /** All modes over one index. */
    private record Run(
            IrSet set,
            InMemoryIndex index,
            CachedEmbeddings model,
            Figures figures,
            @Nullable ChatModel chat) {

        void measure(String mode, @Nullable Reranker reranker) {
            Retriever retriever = retriever(mode);
            measured(mode, retriever);
            if (!isSearchMode(mode) && !mode.equals("default")) {
                gain(mode, retriever);
            }
            if (reranker != null) {
                Reranker kept = new RepeatedReranker(reranker);
                long start = System.nanoTime();
                measured(mode + "+late", reranked(retriever, Reranking.by(kept)));
                double millis = (System.nanoTime() - start) / 1e6;
                figures.set(mode + "+late.ms/query", millis / set.queries().size(), 1);
                measured(
                        mode + "+late.5", reranked(retriever, Reranking.by(kept).share(0.5)));
            }
        }

        private Retriever retriever(String mode) {
            HybridRetriever.Builder builder = HybridRetriever.builder(index, model);
            return switch (mode) {
                case "default" -> HybridRetriever.over(index, model);
                case "tuned" -> tuned(builder);
                case "mmr" ->
                    RefinedRetriever.builder(builder.build())
                            .candidates(RERANKED)
                            .then(Diversity.of(index))
                            .build();
                case "rewrite" -> repeated(builder, QueryRewriting.by(chat(mode)));
                case "multi-query" -> repeated(builder, MultiQuery.by(chat(mode)));
                case "decompose" -> repeated(builder, QueryDecomposition.by(chat(mode)));
                case "hyde" -> repeated(builder, HypotheticalDocument.by(chat(mode)));
                default -> {
                    Check.that(isSearchMode(mode), "--modes", mode, "those of the usage");
                    yield builder.mode(SearchMode.valueOf(mode.toUpperCase(Locale.ROOT)))
                            .build();
                }
            };
        }

        private static boolean isSearchMode(String mode) {
            return List.of("dense", "bm25", "rrf", "weighted").contains(mode);
        }

        private static Retriever repeated(HybridRetriever.Builder builder, QueryTransform queries) {
            return builder.queries(new RepeatedTransform(queries)).build();
        }

        private ChatModel chat(String mode) {
            if (chat == null) {
                throw new IllegalArgumentException("--chat: missing (expected: a URL, which " + mode + " asks)");
            }
            return chat;
        }

        private Retriever tuned(HybridRetriever.Builder builder) {
            VectorWeight tuned = VectorWeight.tune(HybridRetriever.over(index, model), trial());
            figures.set("tuned.weight", tuned.weight(), 2);
            figures.set("tuned.held-out.gain", tuned.gain().difference(), 4);
            figures.set("tuned.held-out.shown", String.valueOf(tuned.gain().shown()));
            return builder.vectorWeight(tuned.weight()).build();
        }

        private static Retriever reranked(Retriever retriever, Reranking reranking) {
            return RefinedRetriever.builder(retriever)
                    .candidates(DEPTH)
                    .then((request, matches) -> {
                        int first = Math.min(RERANKED, matches.size());
                        List<Match> all = new ArrayList<>(reranking.refine(request, matches.subList(0, first)));
                        all.addAll(matches.subList(first, matches.size()));
                        return all;
                    })
                    .build();
        }

        private RetrievalTrial trial() {
            return RetrievalTrial.on(set.queries().stream()
                            .map(query -> new Judgement(query.text(), query.relevant()))
                            .toList())
                    .by(Chunk::id);
        }

        private void gain(String mode, Retriever retriever) {
            Gain gain =
                    trial().run(HybridRetriever.over(index, model), retriever).gain();
            figures.set(mode + ".gain", gain.difference(), 4);
            figures.set(mode + ".gain.low", gain.low(), 4);
            figures.set(mode + ".gain.high", gain.high(), 4);
            figures.set(mode + ".gain.shown", String.valueOf(gain.shown()));
        }

        private void measured(String name, Retriever retriever) {
            double ndcg = 0;
            double recall10 = 0;
            double recall100 = 0;
            for (IrSet.Query query : set.queries()) {
                List<String> ranking = retriever.retrieve(RetrievalRequest.of(query.text(), DEPTH)).matches().stream()
                        .map(match -> match.chunk().id())
                        .toList();
                ndcg += RankMetrics.ndcg(ranking, query.relevant(), TOP);
                recall10 += RankMetrics.recall(ranking, query.relevant(), TOP);
                recall100 += RankMetrics.recall(ranking, query.relevant(), DEPTH);
            }
            int count = set.queries().size();
            figures.set(name + ".ndcg@10", ndcg / count, 4);
            figures.set(name + ".recall@10", recall10 / count, 4);
            figures.set(name + ".recall@100", recall100 / count, 4);
        }
    }
}
