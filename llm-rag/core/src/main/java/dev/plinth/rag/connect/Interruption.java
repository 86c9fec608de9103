package dev.plinth.rag.connect;

import dev.plinth.api.error.CancelledException;
import dev.plinth.api.error.ErrorDetails;

/** For connectors: the thread that lists or fetches may be told to stop. */
public final class Interruption {
    private Interruption() {}

    /**
     * Of a wait that was interrupted; sets the flag of the thread again.
     *
     * @param source what is read, for the message
     */
    public static CancelledException of(String source, Throwable cause) {
        Thread.currentThread().interrupt();
        return new CancelledException(message(source), ErrorDetails.NONE, cause);
    }

    /**
     * Goes on unless the thread was interrupted; its flag stays set.
     *
     * @param source what is read, for the message
     * @throws CancelledException if it was interrupted
     */
    public static void check(String source) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException(message(source));
        }
    }

    private static String message(String source) {
        return "thread: interrupted (expected: not before " + source + " was read)";
    }
}
