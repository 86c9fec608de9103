package dev.plinth.providers.llamacpp;

/**
 * A model that native code holds in this process: what a binding of llama.cpp has to offer. One job at a time; its calls
 * come one after the other, from any thread, cannot be interrupted, and throw what they like.
 */
interface NativeModel extends AutoCloseable {

    /** Text that is being generated. */
    interface Run {

        /** Waits for the next piece, or the end. */
        Output next();

        /** Stops generating; only between two pieces. */
        void cancel();
    }

    int contextTokens();

    /** Counts the tokens of a prompt. */
    Output.Begun count(String prompt);

    /** Begins to generate at most so many tokens. */
    Run begin(Job job, int maxTokens);

    @Override
    void close();
}
