package dev.plinth.bench;

import dev.plinth.bench.ingest.BenchStore;
import dev.plinth.bench.ingest.Crash;
import dev.plinth.bench.ingest.StoreServer;
import java.nio.file.Path;

/** What an ingestion that is killed again and again loses, doubles or leaves behind. */
final class CrashCommand implements Command {

    @Override
    public String usage() {
        return "[--kills 50] [--documents 1200] [--store " + BenchStore.NAMES + "] [--seed 1] [--folder DIR]";
    }

    @Override
    public void run(Options options, Figures figures) throws Exception {
        String store = options.text("store", "lucene");
        Path folder = options.path("folder").isPresent() ? options.requiredPath("folder") : Crash.newFolder();
        Crash.Report report;
        try (StoreServer server = StoreServer.of(store)) {
            Crash crash = new Crash(server.store(), folder, options.number("seed", 1));
            report = crash.run(options.number("kills", 50), options.number("documents", 1200));
        }
        figures.set("store", store);
        figures.set("kills", report.killed());
        figures.set("ended_before", report.ended());
        figures.set("documents", report.documents());
        figures.set("chunks", report.chunks());
        figures.set("unfinished", report.unfinished());
        figures.set("lost", report.lost());
        figures.set("duplicated", report.duplicated());
        figures.set("stale", report.stale());
    }
}
