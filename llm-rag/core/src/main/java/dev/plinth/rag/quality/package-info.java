/** How good retrieval is on one's own questions: {@link dev.plinth.rag.quality.RetrievalTrial}. */
@NullMarked
package dev.plinth.rag.quality;

import org.jspecify.annotations.NullMarked;
