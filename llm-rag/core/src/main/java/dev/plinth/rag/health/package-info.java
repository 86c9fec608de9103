/** How an index fares in production: {@link dev.plinth.rag.health.IndexHealth}. */
@NullMarked
package dev.plinth.rag.health;

import org.jspecify.annotations.NullMarked;
