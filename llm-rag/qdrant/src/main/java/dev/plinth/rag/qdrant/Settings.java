package dev.plinth.rag.qdrant;

import dev.plinth.api.retrieval.VectorStore;

/** What a store is opened with. */
record Settings(
        VectorStore.Stamp stamp,
        String tenant,
        int shards,
        int replicas,
        int neighbours,
        int candidates,
        boolean exact,
        boolean migrate) {}
