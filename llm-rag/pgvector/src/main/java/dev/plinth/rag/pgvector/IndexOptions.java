package dev.plinth.rag.pgvector;

import dev.plinth.api.retrieval.VectorStore;

/** What an index is made with. */
record IndexOptions(
        Names names,
        VectorStore.Stamp stamp,
        String language,
        boolean exact,
        int m,
        int efConstruction,
        boolean rowSecurity,
        boolean migrate) {}
