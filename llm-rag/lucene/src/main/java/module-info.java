/** An index in a directory, over Apache Lucene. */
module dev.plinth.rag.lucene {
    requires transitive dev.plinth.rag;
    requires static transitive org.jspecify;
    requires org.apache.lucene.core;

    exports dev.plinth.rag.lucene;

    provides org.apache.lucene.codecs.KnnVectorsFormat with
            dev.plinth.rag.lucene.internal.GraphFormat;
}
