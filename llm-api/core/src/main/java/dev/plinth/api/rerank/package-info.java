/** Rerankers: the order of documents for a query. */
@NullMarked
package dev.plinth.api.rerank;

import org.jspecify.annotations.NullMarked;
