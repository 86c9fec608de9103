/** Limits on calls that many processes share through Redis. */
@NullMarked
package dev.plinth.providers.redis;

import org.jspecify.annotations.NullMarked;
