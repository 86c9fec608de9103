/** An index in OpenSearch. */
module dev.plinth.rag.opensearch {
    requires transitive dev.plinth.rag;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;

    exports dev.plinth.rag.opensearch;
}
