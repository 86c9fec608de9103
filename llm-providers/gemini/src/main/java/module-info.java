/** Chat, embeddings and token counts of Google Gemini. */
module dev.plinth.providers.gemini {
    requires transitive dev.plinth.api;
    requires transitive dev.plinth.providers;
    requires com.fasterxml.jackson.core;
    requires static transitive org.jspecify;

    exports dev.plinth.providers.gemini;
}
