/** Limits on calls: who waits for a turn, how long, and where it is counted. */
@NullMarked
package dev.plinth.providers.limit;

import org.jspecify.annotations.NullMarked;
