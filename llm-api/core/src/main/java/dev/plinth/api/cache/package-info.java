/** The store behind a response cache. */
@NullMarked
package dev.plinth.api.cache;

import org.jspecify.annotations.NullMarked;
