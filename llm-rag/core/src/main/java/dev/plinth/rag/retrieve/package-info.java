/** Finding chunks for a question: {@link dev.plinth.rag.retrieve.HybridRetriever}. */
@NullMarked
package dev.plinth.rag.retrieve;

import org.jspecify.annotations.NullMarked;
