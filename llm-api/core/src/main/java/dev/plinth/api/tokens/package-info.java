/** Counting tokens before a call. */
@NullMarked
package dev.plinth.api.tokens;

import org.jspecify.annotations.NullMarked;
