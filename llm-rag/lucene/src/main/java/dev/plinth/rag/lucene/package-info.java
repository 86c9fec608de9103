/** An index in a directory, searched by vector and by words. */
@NullMarked
package dev.plinth.rag.lucene;

import org.jspecify.annotations.NullMarked;
