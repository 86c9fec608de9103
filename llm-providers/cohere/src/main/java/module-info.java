/** Cohere: chat, embeddings and rerank. Voyage and Jina: embeddings and rerank. */
module dev.plinth.providers.cohere {
    requires transitive dev.plinth.api;
    requires transitive dev.plinth.providers;
    requires com.fasterxml.jackson.core;
    requires static transitive org.jspecify;

    exports dev.plinth.providers.cohere;
}
