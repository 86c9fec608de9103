/** Bringing documents of a source into an index, again and again: {@link dev.plinth.rag.ingest.Ingestion}. */
@NullMarked
package dev.plinth.rag.ingest;

import org.jspecify.annotations.NullMarked;
