/** Trying a call again. */
@NullMarked
package dev.plinth.providers.retry;

import org.jspecify.annotations.NullMarked;
