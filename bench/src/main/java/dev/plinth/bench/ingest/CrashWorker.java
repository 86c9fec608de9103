package dev.plinth.bench.ingest;

import dev.plinth.rag.connect.FolderConnector;
import dev.plinth.rag.ingest.Ingestion;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings a folder into a store in two lanes; the process that is killed. Prints a line when it begins. */
public final class CrashWorker {
    /** How many documents a store in memory is ahead of its file at most. */
    private static final int SAVED_EVERY = 100;

    private CrashWorker() {}

    /**
     * Runs to its end.
     *
     * @param arguments name and folder of the store, folder of the documents
     */
    public static void main(String[] arguments) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (BenchStore store = BenchStore.open(arguments[0], Path.of(arguments[1]), Crash.STAMP)) {
            System.out.println("begins");
            run(store, Path.of(arguments[2]), executor);
        } finally {
            executor.shutdown();
        }
    }

    private static void run(BenchStore store, Path documents, ExecutorService executor) {
        AtomicInteger done = new AtomicInteger();
        Ingestion.builder(store.index(), store.ledger(), Crash.MODEL)
                .parallel(2, executor)
                .onOutcome(outcome -> {
                    if (done.incrementAndGet() % SAVED_EVERY == 0) {
                        store.saver().run();
                    }
                })
                .build()
                .run(FolderConnector.of(documents).named("crash"));
    }
}
