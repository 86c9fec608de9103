package dev.plinth.governance.guardrails;

import java.util.List;

/**
 * Finds one kind of thing in a text. Whether something is found at a place depends on at most {@link #REACH} characters
 * before its start and after it; so a stream can be searched without keeping it.
 */
interface Detector {

    /** How far any detector looks. */
    int REACH = 64 + 1 + 254 + 1;

    /**
     * Adds what is found, as far as it ends after the index.
     *
     * @param text from at least {@link #REACH} characters before the index; its end counts as an end of the text
     */
    void find(CharSequence text, int from, List<Finding> found);

    /**
     * Where the text is undecided: what starts before this index stays as {@link #find} has it, whatever text follows.
     */
    int undecidedFrom(CharSequence text);
}
