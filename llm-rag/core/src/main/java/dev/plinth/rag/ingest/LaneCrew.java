package dev.plinth.rag.ingest;

import dev.plinth.rag.ingest.DocumentBatch.Task;
import java.util.List;

/** Brings documents in here, some of them at once in each lane. */
final class LaneCrew implements Crew {
    private static final int TASKS_AT_ONCE = 8;

    private final Settings settings;
    private final Source source;
    private final Tally tally;
    private final Failures failures;
    private final Lanes lanes;

    LaneCrew(Settings settings, Source source, Tally tally, Failures failures) {
        this.settings = settings;
        this.source = source;
        this.tally = tally;
        this.failures = failures;
        this.lanes = new Lanes(settings.lanes(), settings.executor());
    }

    @Override
    public void take(List<Task> tasks) {
        for (List<Task> some : Pages.of(tasks, TASKS_AT_ONCE)) {
            lanes.run(() -> new DocumentBatch(settings, source, tally, failures).run(some));
        }
    }

    @Override
    public void join() {
        lanes.join();
    }

    @Override
    public void abort() {
        lanes.abort();
    }
}
