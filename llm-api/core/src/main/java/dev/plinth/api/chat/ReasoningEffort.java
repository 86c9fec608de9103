package dev.plinth.api.chat;

/**
 * How much a model shall think before it answers. Vendors offer some of these degrees; an adapter takes the nearest one
 * and says in its documentation which that is.
 */
public enum ReasoningEffort {
    /** Not at all. */
    NONE,
    MINIMAL,
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    /** As much as it can. */
    MAX
}
