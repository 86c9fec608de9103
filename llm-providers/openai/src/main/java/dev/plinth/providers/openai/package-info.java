/** Chat and embeddings over OpenAI's protocol, on any server that speaks it. Begin at {@link dev.plinth.providers.openai.OpenAi}. */
@NullMarked
package dev.plinth.providers.openai;

import org.jspecify.annotations.NullMarked;
