/** Retrieval for language models: splitting, ingestion, an index in memory, hybrid retrieval and cited answers. */
module dev.plinth.rag {
    requires transitive dev.plinth.api;
    requires transitive java.net.http;
    requires transitive java.xml;
    requires static transitive org.jspecify;

    exports dev.plinth.rag.answer;
    exports dev.plinth.rag.connect;
    exports dev.plinth.rag.health;
    exports dev.plinth.rag.index;
    exports dev.plinth.rag.ingest;
    exports dev.plinth.rag.parse;
    exports dev.plinth.rag.quality;
    exports dev.plinth.rag.query;
    exports dev.plinth.rag.rest;
    exports dev.plinth.rag.retrieve;
    exports dev.plinth.rag.split;
    exports dev.plinth.rag.text;
    exports dev.plinth.rag.version;
}
