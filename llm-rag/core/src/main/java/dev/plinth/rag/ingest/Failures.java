package dev.plinth.rag.ingest;

import java.util.concurrent.atomic.AtomicInteger;

/** Failures in a row of the model or the store, over all lanes. Thread-safe. */
final class Failures {
    private static final int LIMIT = 5;

    private final AtomicInteger inARow = new AtomicInteger();
    private volatile boolean any;

    /** Once the limit is reached it stays so. */
    boolean goOn() {
        return inARow.get() < LIMIT;
    }

    /** Whether there was one at all. */
    boolean any() {
        return any;
    }

    void one() {
        any = true;
        inARow.incrementAndGet();
    }

    void none() {
        inARow.updateAndGet(count -> count < LIMIT ? 0 : count);
    }

    String reason() {
        return "not tried after " + LIMIT + " failures in a row";
    }
}
