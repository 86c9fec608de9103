/** An index in a cluster of Apache Solr. */
module dev.plinth.rag.solr {
    requires transitive dev.plinth.rag;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;

    exports dev.plinth.rag.solr;
}
