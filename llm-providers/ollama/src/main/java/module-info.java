/** Chat and embeddings over Ollama's own protocol. */
module dev.plinth.providers.ollama {
    requires transitive dev.plinth.api;
    requires transitive dev.plinth.providers;
    requires com.fasterxml.jackson.core;
    requires static transitive org.jspecify;

    exports dev.plinth.providers.ollama;
}
