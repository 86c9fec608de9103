/** Chunks, their vectors and words, and the ledger of an ingestion in PostgreSQL with pgvector. */
@NullMarked
package dev.plinth.rag.pgvector;

import org.jspecify.annotations.NullMarked;
