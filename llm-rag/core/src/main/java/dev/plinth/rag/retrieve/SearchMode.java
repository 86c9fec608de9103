package dev.plinth.rag.retrieve;

/** Which lists a {@link HybridRetriever} asks for, and how it makes one of them. */
public enum SearchMode {
    /** By vector only. Scores are cosines. */
    DENSE,
    /** By words only; nothing is embedded. Scores are BM25's. */
    BM25,
    /** Both, joined by reciprocal rank fusion: the sum over the lists of 1 / (60 + rank), ranks from 1. */
    RRF,
    /**
     * Both, joined by a weighted sum of scores, each list's scores brought to 0 to 1 by its own smallest and largest; a
     * chunk that is missing in a list gets 0 from it. The default: on two English sets it gave a higher nDCG than RRF.
     */
    WEIGHTED
}
