package dev.plinth.rag.solr;

import dev.plinth.api.retrieval.VectorStore;

/** What an index is opened with. */
record Settings(
        VectorStore.Stamp stamp,
        String tenant,
        String language,
        int shards,
        int replicas,
        String configSet,
        int neighbours,
        int candidates,
        int oversampling,
        boolean migrate) {

    Schema schema() {
        return new Schema(stamp, language, neighbours, candidates);
    }
}
