package dev.plinth.tracing.sdk;

/**
 * What a span is a part of. What begins a later constant within an earlier one is a tree of its own: an interaction
 * within a call, but not a call within an interaction.
 */
enum Part {
    /** What calls no model. */
    NOTHING,
    /** A call that is made outside of any interaction. */
    CALL,
    INTERACTION;

    /** What is around a span whose parent is not here. Calls of those that lost theirs are no trees of their own. */
    static Part around(boolean orphan) {
        return orphan ? CALL : NOTHING;
    }

    /** Whether what begins this is a tree of its own where that is around it. */
    boolean isTopIn(Part around) {
        return compareTo(around) > 0;
    }

    /** What is within both. */
    Part in(Part around) {
        return isTopIn(around) ? this : around;
    }
}
