package dev.plinth.api.layer;

/**
 * Where a layer stands, outermost first. The order is fixed so that nobody has to know it: a cached answer still passes
 * the guardrails and the access rules of today, a retry stays inside one span, a fallback never escapes a policy.
 */
public enum Stage {
    /** Sees everything, the refused calls too. */
    TRACE,
    /** Identity, access, budget, catalogue. */
    ADMIT,
    /** Checks and changes what goes in and out. */
    GUARD,
    /** Watches what the user gets: feedback hooks, online evals. */
    OBSERVE,
    /** Answers without the model. */
    CACHE,
    /** Chooses the model that answers. */
    ROUTE,
    /** Tries again. */
    RETRY,
    /** Waits for its turn. */
    LIMIT,
    /** What belongs to one provider. */
    PROVIDER
}
