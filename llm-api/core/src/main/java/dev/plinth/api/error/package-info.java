/** What can go wrong, as data that a caller can act on. */
@NullMarked
package dev.plinth.api.error;

import org.jspecify.annotations.NullMarked;
