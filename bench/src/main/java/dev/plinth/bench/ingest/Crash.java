package dev.plinth.bench.ingest;

import dev.plinth.api.embedding.EmbeddingModel;
import dev.plinth.api.retrieval.Chunk;
import dev.plinth.api.retrieval.Connector;
import dev.plinth.api.retrieval.Embedded;
import dev.plinth.api.retrieval.Ledger;
import dev.plinth.api.retrieval.VectorStore;
import dev.plinth.bench.process.Jvm;
import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.split.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills an ingestion again and again while its documents change, lets it run to its end at last, and compares what the
 * store holds with what the documents are split into.
 */
public final class Crash {
    static final EmbeddingModel MODEL = new HashEmbeddings(64);
    static final VectorStore.Stamp STAMP = new VectorStore.Stamp(MODEL.info().model(), 64);

    private final String storeName;
    private final Path store;
    private final Path documents;
    private final GeneratedDocuments generated;
    private final Random random;
    private int killed;
    private int ended;

    /**
     * What was found.
     *
     * @param killed processes killed while they worked
     * @param ended processes that were done before they could be killed
     * @param documents files at the end
     * @param chunks chunks they are split into
     * @param lost chunks that the store lacks
     * @param duplicated chunks that it holds more than once
     * @param stale chunks that it holds of a content that is no more
     * @param unfinished documents whose entry in the ledger is not that of a stored one
     */
    public record Report(
            int killed, int ended, int documents, int chunks, int lost, int duplicated, int stale, int unfinished) {}

    /**
     * A run with nothing killed yet.
     *
     * @param folder for the store and the documents; a new one
     */
    public Crash(String storeName, Path folder, long seed) {
        this.storeName = storeName;
        this.store = folder.resolve("store");
        this.documents = folder.resolve("documents");
        this.generated = new GeneratedDocuments(documents, seed);
        this.random = new Random(seed + 1);
    }

    /** Kills so many times, with so many documents. */
    public Report run(int kills, int count) throws IOException, InterruptedException {
        generated.create(count);
        Duration whole = timeOfAWholeRun();
        while (killed < kills && ended < 10 * kills) {
            generated.change();
            Duration moment = Duration.ofNanos((long) (whole.toNanos() * random.nextDouble()));
            if (diesAfter(moment)) {
                killed++;
            } else {
                ended++;
                whole = whole.multipliedBy(3).dividedBy(4);
            }
            System.err.println("killed " + killed + " of " + kills + ", " + ended + " ended before");
        }
        complete();
        return compare();
    }

    private Duration timeOfAWholeRun() throws IOException, InterruptedException {
        long start = System.nanoTime();
        complete();
        Duration first = Duration.ofNanos(System.nanoTime() - start);
        System.err.println("first run: " + first.toMillis() + " ms");
        return first;
    }

    private boolean diesAfter(Duration moment) throws IOException, InterruptedException {
        try (Jvm worker = start()) {
            if (worker.endsWithin(moment)) {
                checkExit(worker);
                return false;
            }
            worker.kill();
            return true;
        }
    }

    private void complete() throws IOException, InterruptedException {
        try (Jvm worker = start()) {
            if (!worker.endsWithin(Duration.ofMinutes(10))) {
                worker.kill();
                throw new IOException("ingestion: not done after 10 minutes (expected: an end)");
            }
            checkExit(worker);
        }
    }

    private static void checkExit(Jvm worker) throws IOException {
        if (worker.exitValue() != 0) {
            throw new IOException("ingestion: exit " + worker.exitValue() + " (expected: 0)");
        }
    }

    private Jvm start() throws IOException {
        return Jvm.start(CrashWorker.class, storeName, store.toString(), documents.toString());
    }

    private Report compare() throws IOException {
        Map<String, Integer> expected = new HashMap<>();
        FolderConnector connector = FolderConnector.of(documents).named("crash");
        List<Connector.Item> items = connector.list(null).items();
        for (Connector.Item item : items) {
            Splitter.standard()
                    .split(connector.fetch(item))
                    .forEach(chunk -> expected.merge(key(chunk), 1, Integer::sum));
        }
        int chunks = expected.values().stream().mapToInt(Integer::intValue).sum();
        int duplicated = 0;
        int stale = 0;
        int unfinished = items.size();
        Map<String, Integer> missing = new HashMap<>(expected);
        try (BenchStore opened = BenchStore.open(storeName, store, STAMP)) {
            String cursor = null;
            do {
                VectorStore.Page page = opened.index().scan(cursor, 1000);
                for (Embedded one : page.chunks()) {
                    String key = key(one.chunk());
                    stale += expected.containsKey(key) ? 0 : 1;
                    duplicated += expected.containsKey(key) && missing.merge(key, -1, Integer::sum) < 0 ? 1 : 0;
                }
                cursor = page.next();
            } while (cursor != null);
            for (Ledger.Entry entry :
                    opened.ledger().list("crash", null, Integer.MAX_VALUE).values()) {
                boolean stored = entry.stored() != null && entry.pending() == null && entry.failure() == null;
                unfinished += stored ? -1 : 1;
            }
        }
        int lost =
                missing.values().stream().mapToInt(count -> Math.max(0, count)).sum();
        return new Report(killed, ended, items.size(), chunks, lost, duplicated, stale, Math.abs(unfinished));
    }

    private static String key(Chunk chunk) {
        return chunk.documentId() + " " + chunk.span() + " " + chunk.text();
    }

    /** A new folder for one run. */
    public static Path newFolder() throws IOException {
        return Files.createTempDirectory("plinth-crash");
    }
}
