package dev.plinth.bench;

import dev.plinth.api.check.Check;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Match;
import dev.plinth.api.retrieval.Metadata;
import dev.plinth.api.retrieval.VectorQuery;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.rag.index.InMemoryIndex;
import dev.plinth.rag.index.ScanMode;
import dev.plinth.rag.index.ScanStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Speed and recall of the vector search in memory, through its public interface, on one thread. Speed is the best of
 * five passes over all queries after two that do not count. Recall is against the exact scan. The queries are the last
 * vectors of the file, or made like the vectors, and are not in the index.
 */
final class VectorsCommand implements Command {
    private static final int K = 10;
    private static final int WARM_UP = 2;
    private static final int PASSES = 5;
    private static final int BATCH = 1000;
    private static final int CLUSTERS = 2000;
    private static final long SEED = 42;

    @Override
    public String usage() {
        return "[--n 100000] [--dim 384] [--queries 500] [--target 0.97] [--data FILE.fvecs|.npy|raw]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        int dimension = options.number("dim", 384);
        int queryCount = options.number("queries", 500);
        List<float[]> all = vectors(options, dimension, queryCount);
        int n = Math.min(options.number("n", 100_000), all.size() - queryCount);
        List<float[]> vectors = all.subList(0, n);
        List<float[]> queries = all.subList(all.size() - queryCount, all.size());
        double target = Double.parseDouble(options.text("target", "0.97"));
        figures.set("data", options.text("data").isPresent() ? "file" : "clustered, seed " + SEED);
        figures.set("n", n);
        figures.set("dim", vectors.get(0).length);
        figures.set("queries", queries.size());
        figures.set("passes", "best of " + PASSES + " after " + WARM_UP);
        List<Set<String>> exact = measureExact(vectors, queries, target, figures);
        measureChosen(vectors, queries, target, exact, figures);
    }

    private static List<Set<String>> measureExact(
            List<float[]> vectors, List<float[]> queries, double target, Figures figures) {
        InMemoryIndex index = build(vectors, ScanMode.EXACT, target);
        List<Set<String>> found = new ArrayList<>();
        figures.set("exact.qps", queriesPerSecond(index, queries.subList(0, Math.min(100, queries.size()))), 1);
        queries.forEach(query -> found.add(search(index, query)));
        return found;
    }

    private static void measureChosen(
            List<float[]> vectors, List<float[]> queries, double target, List<Set<String>> exact, Figures figures) {
        long start = System.nanoTime();
        InMemoryIndex index = build(vectors, ScanMode.AUTO, target);
        index.measureRecall();
        double seconds = (System.nanoTime() - start) / 1e9;
        ScanStatus status = index.scanStatus();
        System.err.println(status);
        figures.set("chosen", status.active().name());
        figures.set("binary.oversampling", status.oversampling(), 1);
        figures.set(
                "binary.recall@10.measured-by-store", status.measuredRecall().orElse(Double.NaN), 4);
        int hits = 0;
        for (int i = 0; i < queries.size(); i++) {
            Set<String> found = search(index, queries.get(i));
            found.retainAll(exact.get(i));
            hits += found.size();
        }
        figures.set("binary.recall@10", (double) hits / (K * queries.size()), 4);
        figures.set("binary.qps", queriesPerSecond(index, queries), 1);
        figures.set("build.s", seconds, 2);
    }

    private static InMemoryIndex build(List<float[]> vectors, ScanMode mode, double target) {
        InMemoryIndex index = InMemoryIndex.builder(new VectorStore.Stamp("bench", vectors.get(0).length))
                .scanMode(mode)
                .targetRecall(target)
                .build();
        for (int from = 0; from < vectors.size(); from += BATCH) {
            List<Embedded> batch = new ArrayList<>();
            for (int i = from; i < Math.min(vectors.size(), from + BATCH); i++) {
                Chunk chunk = new Chunk("c" + i, "d", "d", "x", new Chunk.Span(0, 1, 1, 1), List.of(), Metadata.NONE);
                batch.add(new Embedded(chunk, vectors.get(i)));
            }
            index.upsert(batch);
        }
        return index;
    }

    private static double queriesPerSecond(InMemoryIndex index, List<float[]> queries) {
        double best = 0;
        for (int pass = 0; pass < WARM_UP + PASSES; pass++) {
            long start = System.nanoTime();
            for (float[] query : queries) {
                search(index, query);
            }
            double rate = queries.size() / ((System.nanoTime() - start) / 1e9);
            System.err.printf(Locale.ROOT, "pass %d: %.1f queries/s%n", pass, rate);
            best = pass < WARM_UP ? best : Math.max(best, rate);
        }
        return best;
    }

    private static Set<String> search(InMemoryIndex index, float[] query) {
        Set<String> ids = new HashSet<>();
        for (Match match : index.search(new VectorQuery(query, K))) {
            ids.add(match.chunk().id());
        }
        return ids;
    }

    private static List<float[]> vectors(Options options, int dimension, int queryCount) throws IOException {
        if (options.path("data").isPresent()) {
            List<float[]> vectors = VectorFile.read(options.path("data").get(), dimension);
            Check.that(vectors.size() > queryCount, "--queries", queryCount, "fewer than the vectors of the file");
            return vectors;
        }
        return clustered(options.number("n", 100_000) + queryCount, dimension);
    }

    /**
     * Gaussian clouds around seeded centres, as spread out as sentence vectors are: neighbours have a cosine of about
     * 0.5.
     */
    private static List<float[]> clustered(int count, int dimension) {
        Random random = new Random(SEED);
        float[][] centres = new float[CLUSTERS][];
        for (int i = 0; i < CLUSTERS; i++) {
            centres[i] = gaussian(random, dimension);
        }
        List<float[]> vectors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float[] vector = gaussian(random, dimension);
            float[] centre = centres[random.nextInt(CLUSTERS)];
            for (int d = 0; d < dimension; d++) {
                vector[d] += centre[d];
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private static float[] gaussian(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int d = 0; d < dimension; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return vector;
    }
}
