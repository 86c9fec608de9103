/** An index in a cluster of Apache Solr. */
@NullMarked
package dev.plinth.rag.solr;

import org.jspecify.annotations.NullMarked;
