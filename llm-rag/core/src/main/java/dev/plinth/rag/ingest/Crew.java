package dev.plinth.rag.ingest;

import dev.plinth.rag.ingest.DocumentBatch.Task;
import java.util.List;

/** Does the work of a run: in lanes of this process, or by workers elsewhere. */
interface Crew {
    /** Brings these documents in, now or soon. */
    void take(List<Task> tasks);

    /** Returns when all that was taken is done. */
    void join();

    /** Drops what is not done. */
    void abort();
}
