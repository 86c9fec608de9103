/** Chat and embeddings over Ollama's own protocol. Begin at {@link dev.plinth.providers.ollama.Ollama}. */
@NullMarked
package dev.plinth.providers.ollama;

import org.jspecify.annotations.NullMarked;
