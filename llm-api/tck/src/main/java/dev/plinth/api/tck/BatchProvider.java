package dev.plinth.api.tck;

import dev.plinth.api.batch.ChatBatches;

/**
 * The provider's side of batches, as a test plays it: a server that keeps batches in memory and goes on when it is told
 * to. Whoever waits for one of its batches waits on a clock that moves by itself.
 */
public interface BatchProvider extends AutoCloseable {

    /** A new client of this provider. */
    ChatBatches batches();

    /** The text that a request of a batch asked with, as the provider got it. */
    String prompt(String batch, String request);

    /** Answers a request with this text, and reports 3 input and 5 output tokens. */
    void answer(String batch, String request, String text);

    /** Refuses a request, as one that is not valid. */
    void refuse(String batch, String request);

    /** Ends a batch: what has no result by then has expired, or, if somebody cancelled the batch, was cancelled. */
    void end(String batch);

    /** Answers the next calls, this many, that it is overloaded. */
    void overload(int calls);

    @Override
    void close();
}
