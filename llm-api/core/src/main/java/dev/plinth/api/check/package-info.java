/** Argument checks in one form, for implementors. */
@NullMarked
package dev.plinth.api.check;

import org.jspecify.annotations.NullMarked;
