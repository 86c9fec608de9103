/** What every provider adapter stands on. */
module dev.plinth.providers {
    requires transitive dev.plinth.api;
    requires transitive com.fasterxml.jackson.core;
    requires okhttp3;
    requires okio;
    requires kotlin.stdlib;
    requires static transitive org.jspecify;

    exports dev.plinth.providers.batch;
    exports dev.plinth.providers.embedding;
    exports dev.plinth.providers.limit;
    exports dev.plinth.providers.retry;
    exports dev.plinth.providers.route;
    exports dev.plinth.providers.wire;
    exports dev.plinth.providers;
}
