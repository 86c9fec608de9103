/** An index in one file, searched by vector and by words. */
@NullMarked
package dev.plinth.rag.sqlite;

import org.jspecify.annotations.NullMarked;
