package dev.plinth.rag.connect;

import dev.plinth.api.error.CancelledException;

/** For connectors: the thread that lists or fetches may be told to stop. */
public final class Interruption {
    private Interruption() {}

    /**
     * Goes on unless the thread was interrupted; its flag stays set.
     *
     * @param source what is read, for the message
     * @throws CancelledException if it was interrupted
     */
    public static void check(String source) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("thread: interrupted (expected: not before " + source + " was read)");
        }
    }
}
