/** Chat and embeddings over OpenAI's protocol. */
module dev.plinth.providers.openai {
    requires transitive dev.plinth.api;
    requires transitive dev.plinth.providers;
    requires com.fasterxml.jackson.core;
    requires static transitive org.jspecify;

    exports dev.plinth.providers.openai;
}
