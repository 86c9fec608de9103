package dev.plinth.providers.llamacpp;

/**
 * What turns prompts into text, one at a time: whoever starts a job has ended or cancelled the one before. Errors are
 * {@link dev.plinth.api.error.LlmException}s.
 */
interface Engine extends AutoCloseable {

    /** A job that runs. */
    interface Answer {

        /** Waits for what comes next, within the limits. Not for more than one thread, and not after the end. */
        Output next(Limits limits);

        /** Gives up what has not come yet. From any thread, without waiting; after the end it does nothing. */
        void cancel();
    }

    /** How many tokens prompt and answer may have together. */
    int contextTokens();

    Answer start(Job job, Limits limits);

    /** Frees what it holds; a job that runs fails. */
    @Override
    void close();
}
