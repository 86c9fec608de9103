/** Cutting documents into chunks with exact places: {@link dev.plinth.rag.split.Splitter}. */
@NullMarked
package dev.plinth.rag.split;

import org.jspecify.annotations.NullMarked;
