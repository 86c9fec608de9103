/** Versions of an index side by side, one of which is read: {@link dev.plinth.rag.version.IndexVersions}. */
@NullMarked
package dev.plinth.rag.version;

import org.jspecify.annotations.NullMarked;
