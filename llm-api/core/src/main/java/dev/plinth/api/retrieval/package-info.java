/** Documents, chunks, filters and the stores and retrievers over them. */
@NullMarked
package dev.plinth.api.retrieval;

import org.jspecify.annotations.NullMarked;
