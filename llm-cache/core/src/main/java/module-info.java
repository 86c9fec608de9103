/** Answers kept, so that the same question is asked once. */
module dev.plinth.cache {
    requires transitive dev.plinth.api;
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;

    exports dev.plinth.cache;
}
