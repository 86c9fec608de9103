/** Answers kept, so that the same question is asked once. */
@NullMarked
package dev.plinth.cache;

import org.jspecify.annotations.NullMarked;
