/** The index in memory: vectors, lexical search, and both in one file. */
@NullMarked
package dev.plinth.rag.index;

import org.jspecify.annotations.NullMarked;
