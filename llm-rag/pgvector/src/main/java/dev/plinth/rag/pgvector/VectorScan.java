package dev.plinth.rag.pgvector;

/** How an index in PostgreSQL finds the nearest vectors. */
public enum VectorScan {
    /** By an HNSW index over the vectors; approximate. For up to 2,000 dimensions. */
    HNSW,
    /**
     * By an HNSW index over the vectors in half precision; approximate, with exact scores. For up to 4,000 dimensions,
     * from pgvector 0.7 on.
     */
    HNSW_HALF,
    /** By comparing all that pass the filter. */
    EXACT
}
