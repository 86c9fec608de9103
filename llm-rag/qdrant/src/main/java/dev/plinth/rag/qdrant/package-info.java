/** A store of chunks and their vectors in Qdrant. */
@NullMarked
package dev.plinth.rag.qdrant;

import org.jspecify.annotations.NullMarked;
