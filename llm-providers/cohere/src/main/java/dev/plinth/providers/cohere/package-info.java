/**
 * Chat, embeddings and rerank of Cohere, and embeddings and rerank of those who shaped theirs alike. Begin at {@link
 * dev.plinth.providers.cohere.Cohere}, {@link dev.plinth.providers.cohere.Voyage} or {@link
 * dev.plinth.providers.cohere.Jina}.
 */
@NullMarked
package dev.plinth.providers.cohere;

import org.jspecify.annotations.NullMarked;
