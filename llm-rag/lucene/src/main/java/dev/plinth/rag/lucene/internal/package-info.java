/** What Lucene must be able to load; not for users. */
@NullMarked
package dev.plinth.rag.lucene.internal;

import org.jspecify.annotations.NullMarked;
