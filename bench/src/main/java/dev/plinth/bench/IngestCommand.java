package dev.plinth.bench;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.bench.ingest.BenchStore;
import dev.plinth.bench.ingest.HashEmbeddings;
import dev.plinth.bench.ingest.StoreServer;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.ingest.IngestProgress;
import dev.plinth.rag.ingest.IngestReport;
import dev.plinth.rag.ingest.IngestReport.Status;
import dev.plinth.rag.ingest.Ingestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * How fast a folder of documents comes into a store, and that a second run over the same has nothing to do. The store is
 * kept between invocations, so that the next one finds it; {@code --fresh} begins with an empty one.
 */
final class IngestCommand implements Command {

    @Override
    public String usage() {
        return "--docs DIR [--store " + BenchStore.NAMES + "] [--model minilm|bge|e5|hash] [--lanes 2]"
                + " [--folder DIR, where the store is kept] [--fresh]";
    }

    @Override
    public Set<String> flags() {
        return Set.of("fresh");
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        Path docs = options.requiredPath("docs");
        String storeName = options.text("store", "in-memory");
        String modelName = options.text("model", "minilm");
        EmbeddingModel model = modelName.equals("hash") ? new HashEmbeddings(384) : Models.of(modelName);
        Path folder = folder(options, docs, storeName, modelName);
        VectorStore.Stamp stamp =
                new VectorStore.Stamp(model.info().model(), model.dimensions().orElseThrow());
        ExecutorService executor = Executors.newFixedThreadPool(options.number("lanes", 2));
        figures.set("store", storeName);
        figures.set("model", model.info().model());
        try (StoreServer server = StoreServer.of(storeName);
                BenchStore store = BenchStore.open(server.store(), folder, stamp);
                FolderConnector connector = FolderConnector.of(docs)) {
            Ingestion ingestion = Ingestion.builder(store.index(), store.ledger(), model)
                    .parallel(options.number("lanes", 2), executor)
                    .onProgress(new Progress()::show)
                    .build();
            measure("", ingestion, store, connector, figures);
            figures.set("chunks", store.index().size());
            figures.set("peak_mb", peakMegabytes());
            measure("second.", ingestion, store, connector, figures);
        } finally {
            executor.shutdown();
        }
    }

    private static void measure(
            String prefix, Ingestion ingestion, BenchStore store, FolderConnector connector, Figures figures) {
        long start = System.nanoTime();
        IngestReport report = ingestion.run(connector);
        store.saver().run();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.err.println(report.summary());
        report.problems().forEach(problem -> System.err.println("  " + problem));
        figures.set(prefix + "documents", report.named());
        figures.set(prefix + "seconds", seconds, 2);
        figures.set(prefix + "documents/s", report.stored() / seconds, 1);
        figures.set(prefix + "chunks/s", report.embeddedChunks() / seconds, 1);
        figures.set(prefix + "added", report.count(Status.ADDED));
        figures.set(prefix + "changed", report.count(Status.CHANGED));
        figures.set(prefix + "unchanged", report.count(Status.UNCHANGED));
        figures.set(prefix + "skipped", report.skipped());
        figures.set(prefix + "failed", report.failed());
    }

    private static Path folder(Options options, Path docs, String store, String model) throws IOException {
        String name = (store.startsWith("jdbc:") ? "jdbc" : store) + "-" + model + "-"
                + Integer.toHexString(docs.toAbsolutePath().normalize().hashCode());
        Path folder = options.path("folder")
                .orElse(Path.of(System.getProperty("java.io.tmpdir"), "plinth-bench-ingest"))
                .resolve(name);
        if (options.flag("fresh") && Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return folder;
    }

    /** The most memory this process ever had in use, as the system counts it; of the heap only where it does not tell. */
    private static long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                }
            }
        }
        return Runtime.getRuntime().totalMemory() >> 20;
    }

    /** One line a second at most. */
    private static final class Progress {
        private long next;

        void show(IngestProgress progress) {
            if (System.nanoTime() >= next) {
                next = System.nanoTime() + 1_000_000_000L;
                System.err.printf(
                        Locale.ROOT,
                        "%d of %d documents, %d of %d chunks%n",
                        progress.documentsDone(),
                        progress.documentsTotal(),
                        progress.chunksDone(),
                        progress.chunksKnown());
            }
        }
    }
}
