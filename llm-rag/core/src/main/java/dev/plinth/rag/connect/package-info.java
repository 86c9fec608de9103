/** Sources of documents: folders, and what holds for every source. */
@NullMarked
package dev.plinth.rag.connect;

import org.jspecify.annotations.NullMarked;
