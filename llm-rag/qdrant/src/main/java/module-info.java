/** A store of chunks and their vectors in Qdrant. */
module dev.plinth.rag.qdrant {
    requires transitive dev.plinth.rag;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;

    exports dev.plinth.rag.qdrant;
}
