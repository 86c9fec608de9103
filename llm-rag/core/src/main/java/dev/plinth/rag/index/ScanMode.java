package dev.plinth.rag.index;

/** How an in-memory store looks for the nearest vectors. */
public enum ScanMode {
    /**
     * Exact while the store is small; sign codes with exact rescoring once it is large and their measured recall
     * reaches the target; exact again where it does not.
     */
    AUTO,
    /** Every vector is compared. Recall is 1. */
    EXACT,
    /** Sign codes with exact rescoring at any size, also where the measured recall stays below the target. */
    BINARY
}
