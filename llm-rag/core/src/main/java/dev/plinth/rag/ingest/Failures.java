package dev.plinth.rag.ingest;

import java.util.concurrent.atomic.AtomicInteger;

/** Failures in a row of the model or the store, over all lanes. Thread-safe. */
final class Failures {
    private static final int LIMIT = 5;

    private final AtomicInteger inARow = new AtomicInteger();

    /** Once the limit is reached it stays so. */
    boolean goOn() {
        return inARow.get() < LIMIT;
    }

    void one() {
        inARow.incrementAndGet();
    }

    void none() {
        inARow.updateAndGet(count -> count < LIMIT ? 0 : count);
    }

    String reason() {
        return "not tried after " + LIMIT + " failures in a row";
    }
}
