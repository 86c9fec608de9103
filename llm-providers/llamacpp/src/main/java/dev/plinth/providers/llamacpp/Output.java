package dev.plinth.providers.llamacpp;

/** What an engine gives back, in this order: one begin, any number of pieces, one end. */
sealed interface Output {

    /**
     * The prompt was taken.
     *
     * @param tokens of the prompt
     * @param exact whether the count is certain
     */
    record Begun(int tokens, boolean exact) implements Output {}

    /**
     * More text.
     *
     * @param text whole characters; may be empty
     * @param tokens it was made of
     * @param exact whether the count is certain
     */
    record Piece(String text, int tokens, boolean exact) implements Output {}

    /**
     * Nothing more comes.
     *
     * @param complete whether the model was done; else it met a limit
     */
    record Ended(boolean complete) implements Output {}
}
