/** Embedding models: text to vectors. */
@NullMarked
package dev.plinth.api.embedding;

import org.jspecify.annotations.NullMarked;
